package dev.segue.testing.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code calls instead of the JDK's methods of the same names.
 *
 * <p>A copy of this class, under another name, is put into {@code java.lang}, where the JDK's own
 * code finds it too. So it knows nothing of Segue, has no lambdas, and no other class beside it.
 */
@SuppressWarnings({"NullAway.Init", "WaitNotInLoop"}) // installed before it is called
public final class TimedCalls {
  private static LongSupplier nanoTime;
  private static Supplier<@Nullable Instant> instant;
  private static ObjLongConsumer<@Nullable Object> park;
  private static ObjLongConsumer<Object> monitorWait;
  private static Consumer<@Nullable Object> wakes;

  private TimedCalls() {}

  /**
   * Sets what the calls come to for a thread that does not go by the machine's clock.
   *
   * @param nanoTime what that thread's clock reads; negative where the machine's applies
   * @param instant the same as an instant; null where the machine's applies
   * @param park parks it for so many nanoseconds, {@link Long#MAX_VALUE} for ever
   * @param monitorWait has it wait on a monitor for so long; may throw an interrupt
   * @param wakes is told which thread, by any, is made to go on; null for one that is started
   */
  @SuppressWarnings("HidingField")
  public static void install(
      LongSupplier nanoTime,
      Supplier<@Nullable Instant> instant,
      ObjLongConsumer<@Nullable Object> park,
      ObjLongConsumer<Object> monitorWait,
      Consumer<@Nullable Object> wakes) {
    TimedCalls.nanoTime = nanoTime;
    TimedCalls.instant = instant;
    TimedCalls.park = park;
    TimedCalls.monitorWait = monitorWait;
    TimedCalls.wakes = wakes;
  }

  // --- the time

  public static long nanoTime() {
    long nanos = nanoTime.getAsLong();
    return nanos < 0 ? System.nanoTime() : nanos;
  }

  public static long currentTimeMillis() {
    var now = instant.get();
    return now == null ? System.currentTimeMillis() : now.toEpochMilli();
  }

  /** The start of what the JDK has all its clocks read; null to go on with it. */
  public static @Nullable Instant instant() {
    return instant.get();
  }

  // --- waits

  public static void sleep(long millis) throws InterruptedException {
    sleep(millis, 0);
  }

  public static void sleep(long millis, int nanos) throws InterruptedException {
    long total = total(millis, nanos);
    if (total <= 0 || nanoTime.getAsLong() < 0) {
      Thread.sleep(millis, nanos);
    } else {
      sleepNanos(total);
    }
  }

  public static void sleep(Duration duration) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(duration);
    if (nanos <= 0 || nanoTime.getAsLong() < 0) {
      Thread.sleep(duration);
    } else {
      sleepNanos(nanos);
    }
  }

  private static void sleepNanos(long nanos) throws InterruptedException {
    long deadline = plus(nanoTime.getAsLong(), nanos);
    try {
      for (long left = nanos; left > 0; left = deadline - nanoTime.getAsLong()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        park.accept(null, left);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } finally {
      LockSupport.unpark(Thread.currentThread()); // as the JDK: an unpark may have come meanwhile
    }
  }

  /** The nanoseconds in all; negative for what the JDK refuses. */
  private static long total(long millis, int nanos) {
    return millis < 0 || nanos < 0 || nanos > 999_999
        ? -1
        : plus(TimeUnit.MILLISECONDS.toNanos(millis), nanos);
  }

  private static long plus(long nanos, long more) {
    long sum = nanos + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  public static void park() {
    park(null);
  }

  public static void park(@Nullable Object blocker) {
    if (nanoTime.getAsLong() < 0) {
      LockSupport.park(blocker);
    } else {
      park.accept(blocker, Long.MAX_VALUE);
    }
  }

  public static void parkNanos(long nanos) {
    parkNanos(null, nanos);
  }

  public static void parkNanos(@Nullable Object blocker, long nanos) {
    if (nanoTime.getAsLong() < 0) {
      LockSupport.parkNanos(blocker, nanos);
    } else {
      park.accept(blocker, nanos);
    }
  }

  public static void parkUntil(long deadline) {
    parkUntil(null, deadline);
  }

  public static void parkUntil(@Nullable Object blocker, long deadline) {
    var now = instant.get();
    if (now == null) {
      LockSupport.parkUntil(blocker, deadline);
    } else {
      park.accept(
          blocker,
          TimeUnit.NANOSECONDS.convert(Duration.between(now, Instant.ofEpochMilli(deadline))));
    }
  }

  public static void wait(Object monitor) throws InterruptedException {
    wait(monitor, 0);
  }

  public static void wait(Object monitor, long millis) throws InterruptedException {
    wait(monitor, millis, 0);
  }

  public static void wait(Object monitor, long millis, int nanos) throws InterruptedException {
    long total = total(millis, nanos);
    if (total < 0 || nanoTime.getAsLong() < 0) {
      monitor.wait(millis, nanos);
    } else {
      monitorWait.accept(monitor, total == 0 ? Long.MAX_VALUE : total);
    }
  }

  // --- other threads

  /** Comes before a thread is unparked, or started. */
  public static void wakes(@Nullable Object thread) {
    wakes.accept(thread);
  }
}
