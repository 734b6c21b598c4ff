package dev.segue;

/**
 * A flag that tasks wait for.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="event"}
 *
 * <p>An event belongs to the loop of the task that first uses it; from then on it is set and
 * cleared on that loop, and elsewhere that throws {@link IllegalStateException}. Counterpart of
 * {@code asyncio.Event}.
 */
public final class AsyncEvent extends LoopBound {
  private final WaitQueue<WaitQueue.Waiter> waiters = new WaitQueue<>();
  private volatile boolean set;

  /** Creates an event that is not set. Any thread. */
  public AsyncEvent() {}

  /**
   * Waits until this event is set; returns at once, without letting others run, if it is. A task
   * that waited when it was set goes on, also where it has been cleared meanwhile.
   *
   * @throws Cancelled if the calling task is cancelled before
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public void await() {
    var task = currentTask("AsyncEvent.await");
    task.checkCancelled();
    if (!set) {
      waiters.await(new WaitQueue.Waiter(task, waiters, Waiting.Kind.EVENT, this));
    }
  }

  /**
   * Sets this event and wakes all tasks that wait for it, the first to wait first.
   *
   * @throws IllegalStateException off the event's loop
   */
  public void set() {
    requireLoop("AsyncEvent.set");
    set = true;
    waiters.wakeAll();
  }

  /**
   * Clears this event: tasks that wait from now on wait until it is set again.
   *
   * @throws IllegalStateException off the event's loop
   */
  public void clear() {
    requireLoop("AsyncEvent.clear");
    set = false;
  }

  /**
   * Returns whether this event is set. Any thread; elsewhere than on the event's loop the answer
   * may be out of date.
   *
   * @return whether it is set
   */
  public boolean isSet() {
    return set;
  }

  /**
   * Returns a description: whether this event is set, and how many tasks wait. Any thread.
   *
   * @return a text such as {@code event (not set, 2 waiting)}
   */
  @Override
  public String toString() {
    return "event (" + (set ? "set" : "not set, " + waiters.size() + " waiting") + ")";
  }
}
