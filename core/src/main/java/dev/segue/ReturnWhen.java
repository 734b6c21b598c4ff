package dev.segue;

/** The condition that ends a wait for several futures. */
public enum ReturnWhen {
  /** At least one has ended, however it ended. */
  FIRST_COMPLETED,
  /** At least one has failed or was cancelled; all, if none does. */
  FIRST_FAILED,
  /** All have ended. */
  ALL_COMPLETED
}
