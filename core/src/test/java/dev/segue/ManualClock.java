package dev.segue;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still while a task of its loop can run, and jumps to the next timer when none
 * can. Any thread may read and advance it.
 */
public class ManualClock implements LoopClock {
  private final AtomicLong nanos = new AtomicLong();

  /** Lets time pass while a task runs, as if it had computed for that long. */
  public void advance(Duration by) {
    nanos.addAndGet(by.toNanos());
  }

  /** The time since this clock was made. */
  public Duration elapsed() {
    return Duration.ofNanos(nanos.get());
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos.get());
  }

  @Override
  public long realNanosUntil(long deadline) {
    return deadline <= nanos.get() ? 0 : Long.MAX_VALUE;
  }

  @Override
  public boolean skipTo(long deadline) {
    nanos.accumulateAndGet(deadline, Math::max);
    return true;
  }
}
