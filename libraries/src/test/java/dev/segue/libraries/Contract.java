package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.currentLoop;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every library's call is held to, on both engines. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class Contract {
  private static final int TICKS = 20;

  // What a call gets to reach its wait: this, and more where the machine is slow.
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final int TIMES_A_USE = 10;

  abstract Stream<Trial> trials() throws Exception;

  @ParameterizedTest
  @MethodSource("trials")
  void aTimeOutIsATimeoutException(Trial trial) throws Exception {
    run(() -> {
      var limit = untilItWaits(trial.afterwards());
      assertThatThrownBy(() -> timeout(limit, trial.call())).isInstanceOf(TimeoutException.class);
      trial.afterwards().run();
    });
    run(trial.afterwards());
  }

  @ParameterizedTest
  @MethodSource("trials")
  void aCancelIsACancelAndTheLoopHasRunOn(Trial trial) throws Exception {
    run(() -> {
      var limit = untilItWaits(trial.afterwards());
      boolean held = trial.waits().holdsLoop(currentLoop());
      var ticks = new int[2]; // now, and when the call ended
      var waiting =
          createTask(() -> {
            try {
              trial.call().run();
            } finally {
              ticks[1] = ticks[0];
            }
          });
      createTask(() -> {
        for (; ticks[0] < TICKS; ticks[0]++) {
          sleep(Duration.ofMillis(5));
        }
        waiting.cancel();
      });
      if (held) {
        CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS)
            .execute(waiting::cancel);
      }

      assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);

      assertThat(ticks[1]).as("ticks of another task meanwhile").isEqualTo(held ? 0 : TICKS);
      trial.afterwards().run();
    });
    run(trial.afterwards());
  }

  /** How long a call may need to reach its wait, by how long a use takes that does not wait. */
  static Duration untilItWaits(Action<? extends Exception> use) throws Exception {
    use.run(); // what the first use of a library costs does not count
    long start = System.nanoTime();
    use.run();
    return LEAST.plusNanos(TIMES_A_USE * (System.nanoTime() - start));
  }
}
