package dev.segue.bench.program;

import java.time.Duration;

/** What the works of several contenders have in common. */
final class Works {
  /** A sleep that ends. */
  static final Duration NAP = Duration.ofMillis(100);

  /** A sleep that is cancelled. */
  static final Duration LONG = Duration.ofHours(1);

  private Works() {}

  /** The bytes of the heap that are in use once all garbage is collected. */
  static long usedBytes() {
    for (int i = 0; i < 3; i++) { // what is freed by finding other things dead needs another time
      System.gc();
    }
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
