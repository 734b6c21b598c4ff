package dev.segue;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one task of a loop holds at a time, for what must not be interleaved across a wait.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="lock"}
 *
 * <p>Tasks get it in the order in which they asked: it is handed to the first that waits, and
 * nobody overtakes. A free lock is taken without letting others run. A ring of tasks that wait for
 * each other's locks, or for each other, is a {@link DeadlockException} at the wait that closes it,
 * unless a time-out will break the ring.
 *
 * <p>A lock belongs to the loop of the task that first uses it, and all its methods are called in
 * tasks of that loop; elsewhere they throw {@link IllegalStateException}. Counterpart of {@code
 * asyncio.Lock}, but with an owner, as trio's has.
 */
public final class AsyncLock extends LoopBound {
  private final WaitQueue<LockWait> waiters = new WaitQueue<>();
  private @Nullable Hold held; // also by a task that has ended: then nobody will ever release it

  /** The holding of a lock or of a semaphore's permit, to be closed by {@code try}. */
  public interface Lease extends AutoCloseable {
    /** Gives back what is held; does nothing if that has been done already. */
    @Override
    void close();
  }

  /** Creates a lock that nobody holds. Any thread. */
  public AsyncLock() {}

  /**
   * Takes this lock, and waits for it if another task holds it.
   *
   * @return what releases the lock when it is closed; for {@code try}
   * @throws Cancelled if the calling task is cancelled; it does not hold the lock then
   * @throws DeadlockException if the calling task holds this lock already, or if its holder waits,
   *     however indirectly, for the calling task
   * @throws IllegalStateException if a task has ended that held it; outside a task; in a task of
   *     another loop
   */
  public Lease acquire() {
    var task = currentTask("AsyncLock.acquire");
    task.checkCancelled();
    var hold = new Hold(task);
    if (held != null && held.owner == task) {
      throw task.kernel().waitGraph().deadlock(List.of(task), new LockWait(hold));
    }
    lockFor(hold);
    return hold;
  }

  /**
   * Takes this lock if nobody holds it.
   *
   * @return whether the calling task has it now; false also if it had it before
   * @throws IllegalStateException as {@link #acquire}
   */
  public boolean tryAcquire() {
    var task = currentTask("AsyncLock.tryAcquire");
    if (held != null) {
      requireLivingOwner();
      return false;
    }
    grant(new Hold(task));
    return true;
  }

  /**
   * Releases this lock: hands it to the first task that waits for it.
   *
   * @throws IllegalStateException if the calling task does not hold it
   */
  public void release() {
    handOn(requireHeld("AsyncLock.release"));
  }

  /**
   * Creates a condition that tasks which hold this lock can wait for.
   *
   * @return a new condition
   */
  public AsyncCondition newCondition() {
    return new AsyncCondition(this);
  }

  /**
   * Returns a description: the lock's number and its holder. Any thread.
   *
   * @return a text such as {@code lock-1 (held by task 'load', 2 waiting)}
   */
  @Override
  public String toString() {
    var holder = held;
    return name()
        + (holder == null
            ? " (free)"
            : " (held by task '" + holder.owner.name() + "', " + waiters.size() + " waiting)");
  }

  // --- for this package

  /** One task's holding of this lock, from its acquisition to its release. */
  final class Hold implements Lease {
    private final Task<?> owner;

    /** The owner's hold before this one: a link of {@link Task}'s. */
    @Nullable Hold earlier;

    private Hold(Task<?> owner) {
      this.owner = owner;
    }

    /** The waits for the lock. */
    WaitQueue<LockWait> waiters() {
      return waiters;
    }

    /** The owner has ended, so nobody will ever release the lock. */
    void ownerEnded() {
      owner.kernel().instruments().abandoned(owner, number());
      waiters.refuseAll();
      owner.kernel().unobserved().report(owner, abandoned());
    }

    private IllegalStateException abandoned() {
      return new IllegalStateException(
          "task '"
              + owner.name()
              + "' ended while it held "
              + name()
              + ", so that lock can never be released; release it in every case: try (var _ ="
              + " lock.acquire()) { … }");
    }

    @Override
    public void close() {
      if (held == this) {
        handOn(requireHeld("AsyncLock.Lease.close"));
      }
    }

    @Override
    public String toString() {
      return (held == this ? "lease of " : "closed lease of ") + AsyncLock.this;
    }
  }

  /** A task's wait for this lock: an edge to the task that holds it at the time. */
  final class LockWait extends WaitQueue.Waiter implements TaskWait {
    private final Hold hold;

    LockWait(Hold hold) {
      super(hold.owner, waiters, Kind.LOCK, AsyncLock.this);
      this.hold = hold;
    }

    @Override
    public @Nullable Task<?> onlyTarget() {
      return held == null ? null : held.owner;
    }

    @Override
    public String via() {
      return name() + " held by ";
    }
  }

  /** The calling task's holding. */
  Hold requireHeld(String operation) {
    var task = currentTask(operation);
    if (held == null || held.owner != task) {
      throw new IllegalStateException(
          operation
              + " was called by task '"
              + task.name()
              + "', which does not hold "
              + this
              + "; only the task that acquired a lock may do this");
    }
    return held;
  }

  /** Takes the lock for the task that runs, and waits for it if need be. */
  void lockFor(Hold hold) {
    if (held == null) {
      grant(hold);
      return;
    }
    requireLivingOwner();
    var wait = new LockWait(hold);
    hold.owner.kernel().waitGraph().refuseRing(hold.owner, wait);
    if (!waiters.await(wait)) {
      requireLivingOwner();
    }
  }

  void handOn(Hold hold) {
    hold.owner.released(hold);
    held = null;
    var next = waiters.wakeFirst();
    if (next != null) {
      grant(next.hold);
    }
  }

  private void grant(Hold hold) {
    held = hold;
    hold.owner.acquired(hold);
  }

  private void requireLivingOwner() {
    var hold = Objects.requireNonNull(held);
    if (hold.owner.isDone()) {
      throw hold.abandoned();
    }
  }

  private String name() {
    return number() == 0 ? "lock" : "lock-" + number();
  }
}
