package dev.segue;

/**
 * A condition on what an {@link AsyncLock} protects, for tasks to wait for while they let others
 * have the lock.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="condition"}
 *
 * <p>Made by {@link AsyncLock#newCondition}. All methods are called in the task that holds the lock
 * and throw {@link IllegalStateException} in any other. A signal wakes the task that has waited
 * longest, but says nothing of the condition by the time that task has the lock again: wait in a
 * loop. Counterpart of {@code asyncio.Condition}.
 */
public final class AsyncCondition {
  private final AsyncLock lock;
  private final WaitQueue<WaitQueue.Waiter> waiters = new WaitQueue<>();

  AsyncCondition(AsyncLock lock) {
    this.lock = lock;
  }

  /**
   * Releases the lock, waits for a signal, and takes the lock again, in its turn among those that
   * wait for it.
   *
   * <p>On return, and when this throws {@link Cancelled}, the calling task holds the lock. A cancel
   * that comes before the signal ends the wait, and the signal goes to another task. One that comes
   * after it, while this task waits for the lock, leaves the wait as it is; the next one throws.
   * (In asyncio that cancel is thrown here, and the signal passed on.)
   *
   * @throws Cancelled if the calling task is cancelled before it is signalled
   * @throws DeadlockException if taking the lock again would close a ring; only then, and where the
   *     lock's holder has ended, is the lock not held
   * @throws IllegalStateException if the calling task does not hold the lock
   */
  public void await() {
    var hold = lock.requireHeld("AsyncCondition.await");
    var task = Task.current("AsyncCondition.await");
    task.checkCancelled();
    lock.handOn(hold);
    try {
      waiters.await(new SignalWait(task));
    } finally {
      Async.shield(() -> lock.lockFor(hold));
    }
  }

  private final class SignalWait extends WaitQueue.Waiter {
    SignalWait(Task<?> task) {
      super(task, waiters, Kind.CONDITION, lock);
    }

    @Override
    public String describe() {
      return AsyncCondition.this.toString();
    }
  }

  /**
   * Wakes the task that has waited longest, if any does. It goes on once it has the lock.
   *
   * @throws IllegalStateException if the calling task does not hold the lock
   */
  public void signal() {
    lock.requireHeld("AsyncCondition.signal");
    waiters.wakeFirst();
  }

  /**
   * Wakes all tasks that wait. They go on one after the other, each once it has the lock.
   *
   * @throws IllegalStateException if the calling task does not hold the lock
   */
  public void signalAll() {
    lock.requireHeld("AsyncCondition.signalAll");
    waiters.wakeAll();
  }

  /**
   * Returns a description: how many tasks wait, and the lock. Any thread.
   *
   * @return a text such as {@code condition (2 waiting) of lock-1 (free)}
   */
  @Override
  public String toString() {
    return "condition (" + waiters.size() + " waiting) of " + lock;
  }
}
