package dev.segue.futures;

import java.util.concurrent.Future;

/** The condition that ends a wait for several futures. */
public enum ReturnWhen {
  /** At least one has ended, however it ended. */
  FIRST_COMPLETED,
  /** At least one has failed or was cancelled; all, if none does. */
  FIRST_FAILED,
  /** All have ended. */
  ALL_COMPLETED;

  /**
   * Returns whether the end of one future is enough, whatever the others do.
   *
   * @param ended how that future ended
   * @return whether the wait is over
   */
  public boolean isMetBy(Future.State ended) {
    return switch (this) {
      case FIRST_COMPLETED -> true;
      case FIRST_FAILED -> ended != Future.State.SUCCESS;
      case ALL_COMPLETED -> false;
    };
  }
}
