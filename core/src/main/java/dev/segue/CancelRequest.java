package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * One cancel: what was cancelled, why, and the place of the call (null for a deadline).
 *
 * <p>{@code place} is kept unresolved, because walking its frames costs more than the cancel and
 * few ask for it.
 */
record CancelRequest(CancelNode source, String reason, @Nullable Throwable place) {
  static CancelRequest byCall(CancelNode source, String reason) {
    return new CancelRequest(source, reason, new Throwable(reason));
  }

  StackTraceElement[] where() {
    return place == null ? new StackTraceElement[0] : place.getStackTrace();
  }
}
