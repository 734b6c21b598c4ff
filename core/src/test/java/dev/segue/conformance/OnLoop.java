package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.LoopClock;
import dev.segue.OnManualClock;
import dev.segue.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests beside CPython's and those of primitives share: a loop with a clock that they
 * move, and a few short names.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class OnLoop extends OnManualClock {
  /** A failure for tasks to end with. */
  protected static final class Boom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Boom(String message) {
      super(message);
    }
  }

  /** The readings that the clock has jumped to, each the deadline of a timer. */
  protected final List<Duration> jumps = new ArrayList<>();

  protected final EventLoop loop =
      EventLoop.builder()
          .name("conformance")
          .clock(new NotedJumps())
          .stallThreshold(Duration.ZERO)
          .exceptionHandler((_, cause) -> unobserved.add(cause))
          .build();

  /** A test that expects such a failure clears the list. */
  @AfterEach
  void everyFailureWasLookedAt() {
    assertThat(unobserved).isEmpty();
  }

  /** Runs a test's body as the main task of {@link #loop}. */
  @Override
  protected final <X extends Throwable> void run(Action<X> body) throws X {
    loop.run(body);
  }

  protected static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  protected static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  protected static Task<Void> sleeper(long millis) {
    return Async.createTask(() -> Async.sleep(ms(millis)));
  }

  protected static <T> T slowly(long millis, T value) {
    Async.sleep(ms(millis));
    return value;
  }

  /** Throws; a lambda that calls it is a body without a result. */
  protected static <X extends Throwable> void raise(X thrown) throws X {
    throw thrown;
  }

  /** The clock, with a note of each jump. */
  private final class NotedJumps implements LoopClock {
    @Override
    public boolean skipTo(long deadline) {
      jumps.add(Duration.ofNanos(deadline));
      return clock.skipTo(deadline);
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public long realNanosUntil(long deadline) {
      return clock.realNanosUntil(deadline);
    }
  }
}
