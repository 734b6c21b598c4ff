package dev.segue.futures;

/** What an executor does with a task for which its queue has no room. */
public enum WhenFull {
  /**
   * The submitting thread waits for room. In a task of an event loop, only that task waits. An
   * interrupt ends the wait with a {@link java.util.concurrent.RejectedExecutionException} and
   * leaves the interrupt flag set.
   */
  BLOCK,

  /** The task is rejected with a {@link java.util.concurrent.RejectedExecutionException}. */
  REJECT
}
