package dev.segue;

/**
 * A point where a fixed number of tasks wait for each other, again and again.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="barrier"}
 *
 * <p>The last task to arrive lets all of them go, and the barrier begins anew. A task that is
 * cancelled while it waits leaves, and the others wait for one more; the barrier is not broken by
 * it. That is {@code asyncio.Barrier}'s rule, of which this is the counterpart; in {@link
 * java.util.concurrent.CyclicBarrier} it breaks the barrier.
 *
 * <p>A barrier belongs to the loop of the task that first uses it; from then on it is used on that
 * loop only, and elsewhere its methods throw {@link IllegalStateException}.
 */
public final class AsyncBarrier extends LoopBound {
  private final WaitQueue<Arrival> waiters = new WaitQueue<>();
  private final int parties;
  private boolean broken;

  /** A wait was not seen through, because the barrier was aborted or reset. */
  public static final class BrokenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private BrokenException(String message) {
      super(message);
    }
  }

  /**
   * Creates a barrier. Any thread.
   *
   * @param parties how many tasks have to arrive, at least 1
   * @throws IllegalArgumentException if {@code parties} is less than 1
   */
  public AsyncBarrier(int parties) {
    if (parties < 1) {
      throw new IllegalArgumentException("parties must be at least 1, and is " + parties);
    }
    this.parties = parties;
  }

  /**
   * Waits until all parties have arrived. The last to arrive does not wait, and lets no other task
   * run.
   *
   * @return the calling task's place among the parties in the order of arrival: 0 for the first,
   *     and so on
   * @throws BrokenException if the barrier is aborted, or was aborted or reset during the wait
   * @throws Cancelled if the calling task is cancelled before the last has arrived
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public int await() {
    var task = currentTask("AsyncBarrier.await");
    task.checkCancelled();
    if (broken) {
      throw new BrokenException(
          "the barrier was aborted; AsyncBarrier.reset makes it usable again");
    }
    if (waiters.size() + 1 == parties) {
      int index = 0;
      for (var arrival = waiters.wakeFirst(); arrival != null; arrival = waiters.wakeFirst()) {
        arrival.index = index++;
      }
      return index;
    }
    var arrival = new Arrival(task, this);
    if (!waiters.await(arrival)) {
      throw new BrokenException("the barrier was aborted or reset while this task waited");
    }
    return arrival.index;
  }

  /**
   * Breaks this barrier: tasks that wait get {@link BrokenException}, and so do those that arrive,
   * until it is {@linkplain #reset reset}.
   *
   * @throws IllegalStateException off the barrier's loop
   */
  public void abort() {
    requireLoop("AsyncBarrier.abort");
    broken = true;
    waiters.refuseAll();
  }

  /**
   * Makes this barrier as new: tasks that wait get {@link BrokenException}, those that arrive from
   * now on waits for all parties. Tasks that the last arrival has let go are not concerned.
   *
   * @throws IllegalStateException off the barrier's loop
   */
  public void reset() {
    requireLoop("AsyncBarrier.reset");
    broken = false;
    waiters.refuseAll();
  }

  /**
   * Returns a description: how many tasks have arrived. Any thread.
   *
   * @return a text such as {@code barrier (2 of 5 waiting)}
   */
  @Override
  public String toString() {
    return "barrier (" + (broken ? "broken" : waiters.size() + " of " + parties + " waiting") + ")";
  }

  /** A task's wait for the others. */
  private static final class Arrival extends WaitQueue.Waiter {
    private int index;

    Arrival(Task<?> task, AsyncBarrier barrier) {
      super(task, barrier.waiters, Kind.BARRIER, barrier);
    }
  }
}
