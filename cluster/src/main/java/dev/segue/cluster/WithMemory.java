package dev.segue.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Does what must not be left out for want of memory. */
final class WithMemory {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private WithMemory() {}

  /**
   * Runs an action, and again until it finds the memory that it needs.
   *
   * @param action made beforehand, while there was memory for it
   */
  static <T> void run(Consumer<? super T> action, T argument) {
    boolean done = false;
    while (!done) {
      try {
        action.accept(argument);
        done = true;
      } catch (OutOfMemoryError _) {
        pause();
      }
    }
  }

  /** Waits for others to leave some. */
  static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }
}
