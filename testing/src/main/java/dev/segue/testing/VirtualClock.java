package dev.segue.testing;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.LoopClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A clock whose time is virtual: it does not move while anything can happen, and then jumps to the
 * next moment at which something is due.
 *
 * <p>A test of an hour of sleeps and time-outs takes milliseconds, and comes out the same each
 * time:
 *
 * {@snippet class="dev.segue.testing.ExampleTest" region="example"}
 *
 * <p>Time jumps only when every task of the loop is in one of Segue's waits and nothing outside the
 * loop works for one. These hold it for as long as they really last, so that no time-out of the
 * loop's cuts them short:
 *
 * <ul>
 *   <li>a task that runs, or is in a JDK wait: {@link Thread#sleep}, which reads the machine's
 *       clock whatever the loop's is, a socket, a lock, a queue;
 *   <li>{@link Async#toThread} and {@link Async#runInExecutor}, until the work has ended;
 *   <li>{@link Async#await(java.util.concurrent.Future)} of a plain future, such as an executor's.
 * </ul>
 *
 * <p>So work of that kind that itself waits for a task to sleep on this clock waits for ever.
 *
 * <p>With the module's jar as a Java agent, {@code -javaagent:segue-testing.jar}, a task's JDK
 * waits and clocks go by this clock too, and do not hold it: {@link Thread#sleep}, what waits with
 * a time-out in {@code java.util.concurrent}, {@link Object#wait()}, {@link System#nanoTime}. See
 * "Blocking code under a virtual clock" in the documentation.
 *
 * <p>Whatever else comes from other threads comes at some virtual time that no test can rely on,
 * and does not hold it: who will complete an awaited {@link
 * java.util.concurrent.CompletableFuture}, or whether anybody will, cannot be known, nor what will
 * be {@linkplain EventLoop#submit submitted}; a task of another loop has that loop's own time. Let
 * the test's body start everything that it is about.
 *
 * <p>One clock serves one loop; a second loop that uses it at the same time breaks down and says
 * so. The counterparts are trio's {@code MockClock} with {@code autojump_threshold=0} and the
 * scheduler of kotlinx-coroutines-test.
 */
public final class VirtualClock implements LoopClock {
  /** When a clock starts that was not told otherwise: 2026-01-01T00:00:00Z. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Instant start;
  private volatile long now;
  private volatile @Nullable Thread served;

  /** Creates a clock that starts at {@link #START}. */
  public VirtualClock() {
    this(START);
  }

  /**
   * Creates a clock.
   *
   * @param start what it reads at first
   */
  public VirtualClock(Instant start) {
    this.start = Objects.requireNonNull(start, "start must not be null");
  }

  /**
   * Moves time on, as if the calling task had computed for that long: nobody else has run
   * meanwhile, and timers that were due in between fire on the loop's next turn.
   *
   * <p>Called in a task of the clock's loop. Another thread hands it over: {@code loop.submit(() ->
   * clock.advance(second))}.
   *
   * @param duration by how much; zero is allowed
   * @throws IllegalArgumentException if it is negative, or if time would pass 292 years after the
   *     start
   * @throws IllegalStateException outside a task, or in one of a loop that has another clock
   */
  public void advance(Duration duration) {
    Objects.requireNonNull(duration, "duration must not be null");
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time cannot go back by " + duration.negated());
    }
    var loop = Async.currentLoop();
    if (loop.clock() != this) {
      throw new IllegalStateException(
          loop + " has another clock; advance this one in a task of its own loop");
    }
    try {
      now = Math.addExact(now, duration.toNanos());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a virtual clock ends 292 years after its start, and " + duration + " leads past that",
          e);
    }
  }

  /**
   * Returns the virtual time elapsed since the start. Any thread.
   *
   * @return nanoseconds, 0 at first
   */
  @Override
  public long nanoTime() {
    return now;
  }

  /**
   * Returns the virtual time. Any thread.
   *
   * @return the start and the time elapsed since
   */
  @Override
  public Instant instant() {
    return start.plusNanos(now);
  }

  /**
   * Returns "for ever": real time does not move this clock.
   *
   * @param deadline not used
   * @return {@link Long#MAX_VALUE}
   */
  @Override
  public long realNanosUntil(long deadline) {
    return Long.MAX_VALUE;
  }

  /**
   * Jumps to {@code deadline}. Called by the loop.
   *
   * @param deadline a later reading of {@link #nanoTime()}
   * @return true
   * @throws IllegalStateException if another loop uses this clock
   */
  @Override
  public boolean skipTo(long deadline) {
    refuseSecondLoop();
    now = deadline;
    return true;
  }

  // A loop has a new thread for each run, so a thread that has ended was this loop's or is no more.
  private void refuseSecondLoop() {
    var caller = Thread.currentThread();
    var other = served;
    if (other != caller && other != null && other.isAlive()) {
      throw new IllegalStateException(
          "a virtual clock serves one loop, and this one serves '"
              + other.getName()
              + "'; give each loop its own");
    }
    served = caller;
  }

  /**
   * Returns a description: the virtual time.
   *
   * @return a text such as {@code virtual clock at 2026-01-01T01:00:00Z}
   */
  @Override
  public String toString() {
    return "virtual clock at " + instant();
  }
}
