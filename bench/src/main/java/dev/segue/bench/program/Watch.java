package dev.segue.bench.program;

/** How long a work has taken, from the creation of this. */
final class Watch {
  private final long begin = System.nanoTime();

  double seconds() {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** As {@link #seconds()}, of a work that adds up to its count if all of it was done. */
  double seconds(int sum, int count) {
    double seconds = seconds();
    if (sum != count) {
      throw new IllegalStateException("only " + sum + " of " + count + " were done");
    }
    return seconds;
  }
}
