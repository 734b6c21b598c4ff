package dev.segue.waits;

import dev.segue.Action;
import dev.segue.Async;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Shows that a loop goes on while one of its tasks is in a JDK wait. Called inside a task.
 *
 * <p>If the wait held the loop, what releases it would never run: the test then ends by its
 * time-out.
 */
final class Ticking {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final int TICKS = 10;

  private Ticking() {}

  /** Waits in a task of its own; the caller, in another one, ticks for a while and releases it. */
  static <T> T until(Action<? extends Exception> release, Callable<T> wait) throws Exception {
    var waiting = Async.createTask("waiting", wait);
    tick();
    if (waiting.isDone()) {
      throw new AssertionError("ended before it was released, with " + waiting.outcome());
    }
    release.run();
    return waiting.await();
  }

  /** As {@link #until(Action, Callable)}, for a wait without a result. */
  static void until(Action<? extends Exception> release, Action<? extends Exception> wait)
      throws Exception {
    until(
        release,
        () -> {
          wait.run();
          return null;
        });
  }

  /** Lets the loop go on for a while. */
  static void tick() {
    for (int i = 0; i < TICKS; i++) {
      Async.sleep(TICK);
    }
  }

  /**
   * Has the calling task wait, in a wait that ends by itself, until another task has ticked
   * meanwhile: at once, but on a machine that has much else to do.
   */
  static void during(Action<? extends Exception> wait) throws Exception {
    var ticks = new int[1];
    var ticker =
        Async.createTask(() -> {
          while (true) {
            Async.sleep(TICK);
            ticks[0]++;
          }
        });
    do {
      wait.run();
    } while (ticks[0] < 2);
    ticker.cancel();
  }
}
