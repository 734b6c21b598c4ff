package dev.segue.process;

/** What a {@link ProcessPoolExecutor} does with a task for which its queue has no room. */
public enum WhenFull {
  /**
   * The submitting thread waits for room; inside a task of an event loop, only that task. An
   * interrupt ends the wait with a {@link java.util.concurrent.RejectedExecutionException}, the
   * flag set again.
   */
  BLOCK,

  /** The task is refused with a {@link java.util.concurrent.RejectedExecutionException}. */
  REJECT
}
