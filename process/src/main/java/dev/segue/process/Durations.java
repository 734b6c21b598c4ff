package dev.segue.process;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as nanoseconds and as text. */
final class Durations {
  static final long NEVER = Long.MAX_VALUE;

  private Durations() {}

  /** In nanoseconds; {@link #NEVER} for null and for what is too long for a long. */
  static long nanos(@Nullable Duration duration) {
    if (duration == null) {
      return NEVER;
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException _) {
      return NEVER;
    }
  }

  /** For messages: 1.234 s, 56 ms. */
  static String text(long nanos) {
    long millis = nanos / 1_000_000;
    return millis < 1000
        ? millis + " ms"
        : millis / 1000 + "." + "%03d".formatted(millis % 1000) + " s";
  }
}
