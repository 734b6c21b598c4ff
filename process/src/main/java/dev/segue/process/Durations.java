package dev.segue.process;

import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations that may be missing, and durations in messages. */
final class Durations {
  /** Longer than any other. */
  static final long NEVER = Long.MAX_VALUE;

  private Durations() {}

  /** Returns the nanoseconds; {@link #NEVER} for null, which stands for "without limit". */
  static long nanos(@Nullable Duration duration) {
    return duration == null ? NEVER : Deadlines.nanos(duration, "duration");
  }

  /** Returns a text as {@code 1.234 s} or {@code 56 ms}. */
  static String text(long nanos) {
    long millis = nanos / 1_000_000;
    return millis < 1000
        ? millis + " ms"
        : millis / 1000 + "." + "%03d".formatted(millis % 1000) + " s";
  }
}
