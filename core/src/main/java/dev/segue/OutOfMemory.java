package dev.segue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the loop's own work does where memory has run out: it waits for some and takes its step
 * again, as the JDK does where it cannot queue a virtual thread. Such a step must leave everything
 * as it was where it throws.
 */
final class OutOfMemory {
  private static final int MOST_TRIES = 250;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private OutOfMemory() {}

  /** Loads this class, while there is memory. */
  static void prepare() {}

  /**
   * Waits a moment before another try.
   *
   * @param triesBefore how often the step has been tried
   * @throws OutOfMemoryError {@code error}, if that was often enough
   */
  static void pause(OutOfMemoryError error, int triesBefore) {
    if (triesBefore >= MOST_TRIES) {
      throw error;
    }
    if (!Thread.currentThread().isVirtual()) {
      LockSupport.parkNanos(PAUSE_NANOS);
      return;
    }
    // The JDK may lose a virtual thread that parks where there is no memory.
    long end = System.nanoTime() + PAUSE_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
