package dev.segue.process.faults;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions and futures, with a limit. */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private Await() {}

  /** Polls until a condition holds. */
  public static void until(String what, BooleanSupplier holds) {
    var _ = some(what, () -> holds.getAsBoolean() ? true : null);
  }

  /** Polls until there is a value. */
  public static <T> T some(String what, Supplier<T> source) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var value = source.get();
      if (value != null) {
        return value;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("after " + PATIENCE.toSeconds() + " s still not: " + what);
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new AssertionError("gave up waiting for: " + what, e);
      }
    }
  }

  /** Returns a future's result; fails if there is none. */
  public static <T> T result(Future<T> future) throws Exception {
    return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** Returns what a future fails with; fails if it does not. */
  public static Throwable failure(Future<?> future) throws Exception {
    try {
      var value = future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
