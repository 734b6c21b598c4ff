package dev.segue.bench;

import java.time.Duration;

/** How long something has taken, from the creation of this. */
final class Stopwatch {
  private final long begin = System.nanoTime();

  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  boolean isBefore(Duration end) {
    return System.nanoTime() - begin < end.toNanos();
  }
}
