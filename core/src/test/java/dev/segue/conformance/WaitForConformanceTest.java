package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.Cancelled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A wait of limited length, beside {@code test_waitfor}: Python's {@code wait_for} is a time-out.
 */
class WaitForConformanceTest extends OnLoop {
  private static final String NOT_PASSED_ON =
      "asyncio's wait_for cancels the task it waits for; in Segue a time-out ends the wait alone";

  private final List<String> log = new ArrayList<>();

  // --- a body of its own

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for")
  void aBodyIsCancelledAndHasCleanedUpWhenTheTimeoutIsThrown() {
    run(() -> {
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() ->
              Async.timeout(
                  ms(100),
                  () -> {
                    log.add("running");
                    try {
                      Async.sleep(seconds(10));
                    } finally {
                      log.add("cleaned up");
                    }
                  }));
      assertThat(log).containsExactly("running", "cleaned up");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for_blocking")
  void aTimeoutOfForeverIsNone() throws Exception {
    run(() ->
        assertThat(
                Async.<String, RuntimeException>timeout(
                    Duration.ofSeconds(Long.MAX_VALUE), () -> slowly(1_000_000_000, "done")))
            .isEqualTo("done"));
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_asyncio_wait_for_cancelled")
  void aCancelledTimeoutWaitsForItsBodyToEnd() {
    run(() -> {
      var task = Async.createTask(() -> Async.timeout(ms(400), this::ignoreCancelsFor200ms));
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(log).containsExactly("exited");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(200));
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_asyncio_wait_for_timeout")
  void aTimeoutThatIsUpWaitsForItsBodyToEnd() throws Exception {
    run(() -> Async.timeout(ms(100), this::ignoreCancelsFor200ms));
    assertThat(log).containsExactly("exited");
    assertThat(clock.elapsed()).isEqualTo(ms(200));
  }

  private void ignoreCancelsFor200ms() {
    Async.shield(() -> Async.sleep(ms(200)));
    log.add("exited");
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_waitfor.test_wait_for_waits_for_task_cancellation",
      differs = "in Segue a clean-up that waits needs a shield")
  void theTimeoutIsThrownOnlyAfterAShieldedCleanUp() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(10),
                    () -> {
                      try {
                        Async.sleep(seconds(10));
                      } finally {
                        Async.shield(() -> Async.sleep(ms(5)));
                        log.add("cleaned up");
                      }
                    })));
    assertThat(log).containsExactly("cleaned up");
    assertThat(clock.elapsed()).isEqualTo(ms(15));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_waitfor.test_wait_for_waits_for_task_cancellation_w_timeout_0",
      differs = "in Segue a clean-up that waits needs a shield")
  void aTimeoutOfZeroIsThrownOnlyAfterAShieldedCleanUp() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(0),
                    () -> {
                      try {
                        Async.sleep(seconds(10));
                      } finally {
                        Async.shield(() -> Async.sleep(ms(5)));
                        log.add("cleaned up");
                      }
                    })));
    assertThat(log).containsExactly("cleaned up");
    assertThat(clock.elapsed()).isEqualTo(ms(5));
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for_reraises_exception_during_cancellation")
  void whatTheBodyThrowsOnTheTimeoutIsThrown() {
    var failure = new Boom("on the way out");
    run(() ->
        assertThatThrownBy(() ->
                Async.timeout(
                    ms(1),
                    () -> {
                      try {
                        Async.sleep(ms(200));
                      } catch (Cancelled _) {
                        throw failure;
                      }
                    }))
            .isSameAs(failure));
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for_cancel_suppressed")
  void aBodyThatReturnsOnTheTimeoutHasItsResult() throws Exception {
    run(() -> {
      int result =
          Async.<Integer, RuntimeException>timeout(
              ms(100),
              () -> {
                try {
                  Async.sleep(seconds(10));
                  return 0;
                } catch (Cancelled _) {
                  return 42;
                }
              });
      assertThat(result).isEqualTo(42);
    });
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(
      value =
          "CPython 3.14 test_waitfor."
              + "test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started",
      differs =
          "wait_for(coro, 0) never starts the coroutine; a Segue time-out of zero runs its body to"
              + " the first wait, as asyncio.timeout(0) does")
  void aTimeoutOfZeroStartsItsBody() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(0),
                    () -> {
                      log.add("started");
                      Async.checkpoint();
                      log.add("went on");
                    })));
    assertThat(log).containsExactly("started");
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_cancel_wait_for")
  void cancellingATimeoutCancelsItsBody() {
    run(() -> {
      var task =
          Async.createTask(() ->
              Async.timeout(
                  seconds(60),
                  () -> {
                    try {
                      Async.await(new CompletableFuture<Void>());
                    } finally {
                      log.add("ended");
                    }
                  }));
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("ended");
    assertThat(clock.elapsed()).isZero();
  }

  // --- a wait for something that goes on by itself

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for_race_condition")
  void aFutureThatEndsInTimeGivesItsValue() throws Exception {
    run(() -> {
      var future = new CompletableFuture<String>();
      Async.createTask(() -> {
        Async.sleep(ms(100));
        future.complete("ok");
      });
      String value = Async.<String, RuntimeException>timeout(ms(200), () -> Async.await(future));
      assertThat(value).isEqualTo("ok");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  @Origin(
      value = "CPython 3.14 test_waitfor.test_wait_for_timeout_less_then_0_or_0",
      differs = NOT_PASSED_ON)
  void aWaitForATaskWithoutTimeIsOverAtOnce(long millis) {
    run(() -> {
      var task = Async.createTask(() -> slowly(10, "done"));
      Async.checkpoint();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> Async.timeout(ms(millis), () -> task.await()));
      assertThat(clock.elapsed()).isZero();
      assertThat(task.isCancelRequested()).isFalse();
      assertThat(task.await()).isEqualTo("done");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_waitfor.test_wait_for_timeout_less_then_0_or_0_future_done",
      differs =
          "wait_for(done, 0) returns the result; in Segue every wait of a cancelled scope throws,"
              + " also one that would be over at once (resultNow needs no wait)")
  void aWaitWithoutTimeThrowsEvenIfTheTaskHasEnded() {
    run(() -> {
      var task = Async.createTask(() -> "done");
      task.await();
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> Async.timeout(ms(0), () -> task.await()));
      assertThat(task.resultNow()).isEqualTo("done");
    });
  }

  @Test
  @Origin("CPython 3.14 test_waitfor.test_wait_for_issue86296")
  void aCancelRightAfterTheWaitWasOverIsNotLost() {
    run(() -> {
      var inner = Async.createTask(() -> "done");
      var task =
          Async.createTask(() -> {
            Async.timeout(seconds(100), () -> inner.await());
            log.add("waited");
            Async.sleep(seconds(1));
            log.add("end");
          });
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
      assertThat(inner.resultNow()).isEqualTo("done");
    });
    assertThat(log).containsExactly("waited");
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_waitfor.WaitForShieldTests.test_shielded_timeout",
      differs = "in asyncio it takes a shield to spare the awaited task; in Segue none")
  void aTimeoutSparesTheTaskThatItsBodyAwaits() {
    run(() -> {
      var task = Async.createTask(() -> slowly(100, "done"));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> Async.timeout(ms(10), () -> task.await()));
      assertThat(clock.elapsed()).isEqualTo(ms(10));
      assertThat(task.isDone()).isFalse();
      assertThat(task.await()).isEqualTo("done");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_waitfor.WaitForShieldTests.test_zero_timeout",
      differs =
          "asyncio's wait is over at once and the shielded task goes on; Segue's shield keeps the"
              + " time-out out, and the result comes")
  void aTimeoutDoesNotEndAShieldedWait() throws Exception {
    run(() -> {
      var task = Async.createTask(() -> slowly(10, "done"));
      String value =
          Async.<String, RuntimeException>timeout(ms(0), () -> Async.shield(() -> task.await()));
      assertThat(value).isEqualTo("done");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }
}
