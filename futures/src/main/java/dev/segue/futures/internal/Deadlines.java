package dev.segue.futures.internal;

import java.time.Duration;

/**
 * Durations as nanoseconds and deadlines, where nothing overflows. {@link Long#MAX_VALUE} stands
 * for never. The clock of {@link #in} and {@link #nanosUntil} is {@link System#nanoTime()}, counted
 * from the first use.
 */
public final class Deadlines {
  private static final long ORIGIN = System.nanoTime();

  private Deadlines() {}

  /**
   * Returns a duration's nanoseconds: 0 for a negative one, {@link Long#MAX_VALUE} (292 years,
   * taken as "never") for one that does not fit.
   */
  public static long nanos(Duration duration, String name) {
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
  public static long deadline(long now, long nanos) {
    long deadline = now + nanos;
    return deadline < 0 ? Long.MAX_VALUE : deadline;
  }

  /** The deadline {@code nanos} from now. */
  public static long in(long nanos) {
    return deadline(System.nanoTime() - ORIGIN, nanos);
  }

  /** How long it is until a deadline; zero or negative once it has passed. */
  public static long nanosUntil(long deadline) {
    return deadline == Long.MAX_VALUE ? deadline : deadline - (System.nanoTime() - ORIGIN);
  }
}
