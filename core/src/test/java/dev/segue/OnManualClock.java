package dev.segue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A test whose loops have a clock that it moves. */
public abstract class OnManualClock {
  protected final ManualClock clock = new ManualClock();

  /** What the loops' exception handler was told. */
  protected final List<Throwable> unobserved = new CopyOnWriteArrayList<>();

  /** A loop with {@link #clock}, to be changed further. */
  protected final EventLoop.Builder loopBuilder() {
    return EventLoop.builder()
        .name("test")
        .clock(clock)
        .exceptionHandler((_, cause) -> unobserved.add(cause));
  }

  /** Runs a test's body as the main task of a loop of its own. */
  protected <X extends Throwable> void run(Action<X> body) throws X {
    try (var loop = loopBuilder().build()) {
      loop.run(body);
    }
  }

  /** Lets the other tasks run until each of them waits: the clock moves only then. */
  protected static void settle() {
    Async.sleep(Duration.ofNanos(1));
  }

  protected static void assertCancelledAt(Action<RuntimeException> wait) {
    assertThatThrownBy(wait::run).isInstanceOf(Cancelled.class);
  }
}
