package dev.segue.inspect;

/** How a task ended. */
public enum Ending {
  /** It has not ended as far as is recorded. */
  NONE,
  /** It returned. */
  SUCCESS,
  /** It threw. */
  FAILURE,
  /** It was cancelled. */
  CANCELLATION
}
