package dev.segue.libraries;

import static dev.segue.Async.createTask;
import static dev.segue.Async.currentLoop;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;
import static dev.segue.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Outcome;
import dev.segue.Task;
import java.time.Duration;
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
  private static final Duration LIMIT = Duration.ofMillis(200);

  abstract Stream<Trial> trials() throws Exception;

  @ParameterizedTest
  @MethodSource("trials")
  void aTimeOutIsATimeoutException(Trial trial) throws Exception {
    run(() -> {
      trial.afterwards().run();
      assertThatThrownBy(() -> timeout(LIMIT, trial.call())).isInstanceOf(TimeoutException.class);
      trial.afterwards().run();
    });
    run(trial.afterwards());
  }

  @ParameterizedTest
  @MethodSource("trials")
  void aCancelIsACancelAndTheLoopHasRunOn(Trial trial) throws Exception {
    run(() -> {
      trial.afterwards().run();
      boolean held = trial.waits().holdsLoop(currentLoop());
      var ticks = new int[2]; // now, and when the call ended
      var waiting =
          createTask(
              () -> {
                try {
                  trial.call().run();
                } finally {
                  ticks[1] = ticks[0];
                }
              });
      createTask(
          () -> {
            for (; ticks[0] < TICKS; ticks[0]++) {
              sleep(Duration.ofMillis(5));
            }
            waiting.cancel();
          });
      if (held) {
        cancelFromOutside(waiting);
      }

      assertThat(waiting.outcome()).isInstanceOf(Outcome.Cancellation.class);

      assertThat(ticks[1]).as("ticks of another task meanwhile").isEqualTo(held ? 0 : TICKS);
      trial.afterwards().run();
    });
    run(trial.afterwards());
  }

  private static void cancelFromOutside(Task<?> task) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Thread.sleep(LIMIT);
              } catch (InterruptedException _) {
                // Earlier, then.
              }
              task.cancel();
            });
  }
}
