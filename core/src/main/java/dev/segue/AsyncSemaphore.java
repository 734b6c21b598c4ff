package dev.segue;

/**
 * A number of permits that tasks share, to limit how many of them do something at a time.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="semaphore"}
 *
 * <p>Tasks get permits in the order in which they asked: a permit that is released is handed to the
 * first that waits, and none overtakes. Any task may release one; a {@linkplain #bounded bounded}
 * semaphore notices a permit too many. A task that waits for a permit is no part of a {@linkplain
 * DeadlockException deadlock}, because any other may release one.
 *
 * <p>A semaphore belongs to the loop of the task that first uses it; from then on it is used on
 * that loop only, and elsewhere its methods throw {@link IllegalStateException}. Counterpart of
 * {@code asyncio.Semaphore} and {@code asyncio.BoundedSemaphore}.
 */
public final class AsyncSemaphore extends LoopBound {
  private final WaitQueue<WaitQueue.Waiter> waiters = new WaitQueue<>();
  private final int most;
  private int permits;

  /**
   * Creates a semaphore to which permits may be added. Any thread.
   *
   * @param permits how many permits there are at first, zero or more
   * @throws IllegalArgumentException if {@code permits} is negative
   */
  public AsyncSemaphore(int permits) {
    this(permits, Integer.MAX_VALUE);
  }

  private AsyncSemaphore(int permits, int most) {
    if (permits < 0) {
      throw new IllegalArgumentException("permits must not be negative, and is " + permits);
    }
    this.permits = permits;
    this.most = most;
  }

  /**
   * Creates a semaphore that never has more permits than at first. Any thread.
   *
   * @param permits how many permits there are, zero or more
   * @return the semaphore
   * @throws IllegalArgumentException if {@code permits} is negative
   */
  public static AsyncSemaphore bounded(int permits) {
    return new AsyncSemaphore(permits, permits);
  }

  /**
   * Takes a permit, and waits for one if there is none. A free one is taken without letting others
   * run.
   *
   * @return what releases the permit when it is closed; for {@code try}
   * @throws Cancelled if the calling task is cancelled; it has no permit then
   * @throws IllegalStateException outside a task; in a task of another loop
   */
  public AsyncLock.Lease acquire() {
    var task = currentTask("AsyncSemaphore.acquire");
    task.checkCancelled();
    if (permits > 0) {
      permits--;
    } else {
      waiters.await(new WaitQueue.Waiter(task, waiters, Waiting.Kind.SEMAPHORE, this));
    }
    return new Permit();
  }

  /**
   * Takes a permit if there is one.
   *
   * @return whether a permit was taken; {@link #release} gives it back
   * @throws IllegalStateException off the semaphore's loop
   */
  public boolean tryAcquire() {
    requireLoop("AsyncSemaphore.tryAcquire");
    if (permits == 0) {
      return false;
    }
    permits--;
    return true;
  }

  /**
   * Gives a permit back, or adds one: hands it to the first task that waits.
   *
   * @throws IllegalStateException if that is one more than a bounded semaphore has; off the
   *     semaphore's loop
   */
  public void release() {
    requireLoop("AsyncSemaphore.release");
    if (permits == most) {
      throw new IllegalStateException(
          "AsyncSemaphore.release was called more often than acquire: all "
              + most
              + " permits are available; release once for each acquire");
    }
    if (waiters.wakeFirst() == null) {
      permits++;
    }
  }

  /**
   * Returns a description: how many permits there are. Any thread.
   *
   * @return a text such as {@code semaphore (0 of 3 permits, 2 waiting)}
   */
  @Override
  public String toString() {
    return "semaphore ("
        + permits
        + (most == Integer.MAX_VALUE ? "" : " of " + most)
        + " permits, "
        + waiters.size()
        + " waiting)";
  }

  /** One permit, taken by a task. */
  private final class Permit implements AsyncLock.Lease {
    private boolean closed;

    @Override
    public void close() {
      if (!closed) {
        release();
        closed = true;
      }
    }
  }
}
