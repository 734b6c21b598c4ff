package dev.segue;

import java.time.Duration;

/** Durations in nanoseconds, where nothing overflows. */
final class Durations {
  private Durations() {}

  /**
   * Returns a duration's nanoseconds: 0 for a negative one, {@link Long#MAX_VALUE} (292 years,
   * taken as "never") for one that does not fit.
   */
  static long nanos(Duration duration, String name) {
    if (duration == null) {
      throw new NullPointerException(name + " must not be null");
    }
    if (duration.isNegative()) {
      return 0;
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  /** The reading of a clock {@code nanos} after {@code now}. */
  static long deadline(long now, long nanos) {
    long deadline = now + nanos;
    return deadline < 0 ? Long.MAX_VALUE : deadline;
  }
}
