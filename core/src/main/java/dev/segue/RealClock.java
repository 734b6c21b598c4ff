package dev.segue;

import java.time.Instant;

/** The machine's clock: {@link System#nanoTime()}, counted from the clock's creation. */
final class RealClock implements LoopClock {
  private final long origin = System.nanoTime();

  @Override
  public long nanoTime() {
    return System.nanoTime() - origin;
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public long realNanosUntil(long deadline) {
    return deadline == Long.MAX_VALUE ? deadline : deadline - nanoTime();
  }

  @Override
  public boolean skipTo(long deadline) {
    return false;
  }
}
