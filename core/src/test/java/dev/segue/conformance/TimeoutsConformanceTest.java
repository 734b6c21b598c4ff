package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Time-outs and the scopes they are made of, beside {@code test_timeouts}. */
class TimeoutsConformanceTest extends OnLoop {
  private final List<String> log = new ArrayList<>();

  // --- when the time is up, and when it is not

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_basic")
  void aTimeoutEndsItsBodyWhenTheTimeIsUp() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> Async.timeout(ms(10), () -> Async.sleep(seconds(10))))
            .withMessageContaining("PT0.01S"));
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_waiter_cancelled")
  void theBodySeesACancelOfTheTimeoutsScope() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      boolean finished =
          scope.run(() -> {
            try {
              Async.sleep(seconds(10));
            } catch (Cancelled e) {
              assertThat(e.scope()).isSameAs(scope);
              log.add("cancelled");
              throw e;
            }
          });
      assertThat(finished).isFalse();
      assertThat(scope.isCancelRequested()).isTrue();
    });
    assertThat(log).containsExactly("cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_not_called")
  void aBodyThatIsQuickEnoughIsNotCancelled() {
    run(() -> {
      var scope = CancelScope.within(seconds(10));
      assertThat(scope.run(() -> Async.sleep(ms(10)))).isTrue();
      Async.sleep(seconds(20));
      assertThat(scope.isCancelRequested()).isFalse();
    });
    assertThat(jumps).containsExactly(ms(10), ms(20_010));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_at_basic")
  void aScopeThatHasExpiredHasNoTimeLeft() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> Async.sleep(seconds(10)));
      assertThat(scope.remaining()).contains(ms(0));
    });
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_exception_context")
  void theTimeoutIsCausedByTheCancelThatEndedTheBody() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> Async.timeout(ms(10), () -> Async.sleep(seconds(1))))
            .withCauseInstanceOf(Cancelled.class));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_disabled")
  void aScopeWithoutADeadlineNeverExpires() {
    run(() -> {
      var scope = CancelScope.create();
      assertThat(scope.run(() -> Async.sleep(seconds(1_000_000)))).isTrue();
      assertThat(scope.remaining()).isEmpty();
    });
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_zero")
  void aTimeoutOfZeroEndsItsBodyAtTheFirstWait() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(0),
                    () -> {
                      log.add("before the wait");
                      Async.sleep(seconds(10));
                      log.add("after the wait");
                    })));
    assertThat(log).containsExactly("before the wait");
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_zero_sleep_zero")
  void aTimeoutOfZeroEndsItsBodyAtACheckpointToo() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> Async.timeout(ms(0), () -> Async.sleep(ms(0)))));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_in_the_past_sleep_zero")
  void aNegativeTimeoutIsLikeZero() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() -> Async.timeout(seconds(-11), () -> Async.sleep(ms(0)))));
    assertThat(clock.elapsed()).isZero();
  }

  // --- what else ends the body

  @Test
  @Origin("CPython 3.14 test_timeouts.test_foreign_exception_passed")
  void aFailureOfTheBodyPassesAsItIs() {
    var failure = new Boom("body");
    run(() -> {
      var scope = CancelScope.within(ms(10));
      assertThatThrownBy(() -> scope.run(() -> raise(failure))).isSameAs(failure);
      assertThat(scope.isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_foreign_exception_on_timeout")
  void aFailureOfTheCleanUpReplacesTheTimeout() {
    var failure = new Boom("clean-up");
    run(() ->
        assertThatThrownBy(() ->
                Async.timeout(
                    ms(10),
                    () -> {
                      try {
                        Async.sleep(seconds(1));
                      } catch (Cancelled _) {
                        throw failure;
                      }
                    }))
            .isSameAs(failure));
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_foreign_cancel_doesnt_timeout_if_not_expired")
  void aCancelFromElsewhereIsNoTimeout() {
    run(() -> {
      var scope = CancelScope.within(seconds(10));
      var task =
          Async.createTask(() ->
              scope.run(() -> {
                Async.currentTask().cancel();
                Async.sleep(seconds(10));
              }));
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
      assertThat(scope.isCancelRequested()).isFalse();
    });
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_outer_task_is_not_cancelled")
  void aTimeoutDoesNotCancelItsTask() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.timeout(ms(1), () -> Async.sleep(seconds(10)));
            } catch (TimeoutException _) {
              Async.sleep(seconds(1));
            }
            return "went on";
          });
      assertThat(task.await()).isEqualTo("went on");
      assertThat(task.isCancelRequested()).isFalse();
    });
    assertThat(clock.elapsed()).isEqualTo(ms(1001));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_timeout_taskgroup",
      differs = "asyncio raises an ExceptionGroup; Segue throws the task's failure")
  void aFailureOfAGroupsCleanUpReplacesTheTimeout() {
    var failure = new Boom("clean-up");
    run(() ->
        assertThatThrownBy(() ->
                Async.timeout(
                    ms(10),
                    () ->
                        TaskGroup.run(group -> {
                          group.spawn(() -> {
                            try {
                              Async.sleep(seconds(2));
                            } catch (Cancelled _) {
                              throw failure;
                            }
                          });
                          Async.sleep(seconds(1));
                        })))
            .isExactlyInstanceOf(CompletionException.class)
            .cause()
            .isSameAs(failure));
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  // --- time-outs in time-outs

  @Test
  @Origin("CPython 3.14 test_timeouts.test_nested_timeouts")
  void ofTwoTimeoutsThatExpireTogetherTheOuterOneCounts() {
    run(() -> {
      var outer = CancelScope.within(ms(10));
      var inner = CancelScope.within(ms(10));
      boolean finished =
          outer.run(() -> {
            try {
              inner.run(() -> Async.sleep(seconds(10)));
              log.add("absorbed");
            } catch (Cancelled e) {
              assertThat(e.scope()).isSameAs(outer);
              log.add("cancelled");
              throw e;
            }
          });
      assertThat(finished).isFalse();
      assertThat(outer.isCancelRequested()).isTrue();
      assertThat(inner.isCancelRequested()).isTrue();
    });
    assertThat(log).containsExactly("cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_nested_timeouts_concurrent")
  void anOuterTimeoutThatExpiresFirstPassesThroughTheInner() {
    run(() -> {
      var inner = CancelScope.within(ms(100));
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() ->
              Async.timeout(
                  ms(2),
                  () ->
                      inner.run(() -> {
                        clock.advance(ms(10));
                        Async.sleep(seconds(1));
                      })))
          .withMessageContaining("PT0.002S");
      assertThat(inner.isCancelRequested()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_nested_timeouts_loop_busy",
      differs =
          "where both have expired by the time the loop is free, asyncio raises the inner one's"
              + " TimeoutError first and then the outer one's; Segue, as trio, the outer one's alone")
  void anOuterTimeoutThatExpiredMeanwhileTakesTheInnerAlong() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(100),
                    () -> {
                      try {
                        Async.timeout(
                            ms(10),
                            () -> {
                              clock.advance(ms(100));
                              Async.sleep(seconds(1));
                            });
                      } catch (TimeoutException _) {
                        log.add("inner");
                      }
                    }))
            .withMessageContaining("PT0.1S"));
    assertThat(log).isEmpty();
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_nested_timeout_in_finally",
      differs =
          "in asyncio a clean-up may wait after the time-out, and have one of its own; in Segue its"
              + " first wait throws the outer cancel again")
  void aTimeoutInTheCleanUpOfAnotherIsCutShort() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(10),
                    () -> {
                      try {
                        Async.sleep(seconds(1));
                      } finally {
                        Async.timeout(ms(20), () -> Async.sleep(seconds(10)));
                      }
                    }))
            .withMessageContaining("PT0.01S"));
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_nested_timeout_in_finally",
      differs = "in Segue a clean-up that waits needs a shield")
  void aTimeoutInTheShieldedCleanUpOfAnotherHasItsTime() {
    run(() ->
        assertThatExceptionOfType(TimeoutException.class)
            .isThrownBy(() ->
                Async.timeout(
                    ms(10),
                    () -> {
                      try {
                        Async.sleep(seconds(1));
                      } finally {
                        Async.shield(() ->
                            assertThatExceptionOfType(TimeoutException.class)
                                .isThrownBy(
                                    () -> Async.timeout(ms(20), () -> Async.sleep(seconds(10))))
                                .withMessageContaining("PT0.02S"));
                        log.add("cleaned up");
                      }
                    }))
            .withMessageContaining("PT0.01S"));
    assertThat(log).containsExactly("cleaned up");
    assertThat(clock.elapsed()).isEqualTo(ms(30));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_timeout_after_cancellation",
      differs =
          "in asyncio a task that swallowed its cancel can time out after it; in Segue it is still"
              + " cancelled, and that counts")
  void aTimeoutAfterASwallowedCancelThrowsTheCancel() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel();
            try {
              Async.sleep(seconds(1));
            } catch (Cancelled _) {
              // swallowed
            }
            try {
              Async.timeout(ms(0), () -> Async.sleep(seconds(1)));
            } catch (TimeoutException _) {
              log.add("timed out");
            }
          });
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).isEmpty();
  }

  // --- moving the deadline

  @Test
  @Origin("CPython 3.14 test_timeouts.test_reschedule")
  void aDeadlineCanBeMovedAndTakenAwayWhileTheBodyRuns() {
    run(() -> {
      var scope = CancelScope.within(seconds(10));
      var task = Async.createTask(() -> scope.run(() -> Async.sleep(seconds(50))));
      Async.sleep(seconds(1));
      assertThat(scope.remaining()).contains(seconds(9));
      scope.reschedule(seconds(30));
      assertThat(scope.remaining()).contains(seconds(30));
      scope.reschedule(seconds(Long.MAX_VALUE));
      assertThat(scope.remaining()).isEmpty();
      assertThat(task.await()).isTrue();
    });
    assertThat(clock.elapsed()).isEqualTo(seconds(50));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_reschedule")
  void theDeadlineThatWasMovedIsTheOneThatCounts() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      boolean finished =
          scope.run(() -> {
            Async.sleep(ms(5));
            scope.reschedule(ms(30));
            Async.sleep(seconds(1));
          });
      assertThat(finished).isFalse();
    });
    assertThat(clock.elapsed()).isEqualTo(ms(35));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_timeouts.test_timeout_not_entered",
      differs =
          "asyncio refuses to move the deadline before entry; in Segue it then counts from entry")
  void aDeadlineThatIsMovedBeforeEntryCountsFromEntry() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.reschedule(ms(30));
      Async.sleep(ms(100));
      assertThat(scope.run(() -> Async.sleep(seconds(1)))).isFalse();
    });
    assertThat(clock.elapsed()).isEqualTo(ms(130));
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_finished")
  void theDeadlineOfAScopeThatWasLeftCannotMove() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> {});
      assertThatThrownBy(() -> scope.reschedule(ms(20)))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has ended");
    });
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_expired")
  void theDeadlineOfAScopeThatHasExpiredCannotMove() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> Async.sleep(seconds(1)));
      assertThatThrownBy(() -> scope.reschedule(ms(20)))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has been cancelled");
    });
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_expiring")
  void theDeadlineCannotMoveWhileTheBodyHandlesItsCancel() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> {
        assertThatExceptionOfType(Cancelled.class).isThrownBy(() -> Async.sleep(seconds(1)));
        assertThatThrownBy(() -> scope.reschedule(ms(20)))
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessageContaining("has been cancelled");
        log.add("body");
      });
    });
    assertThat(log).containsExactly("body");
  }

  // --- misuse

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_already_entered")
  void aScopeCannotBeEnteredInItself() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> {
        assertThatThrownBy(() -> scope.run(() -> log.add("inner")))
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessageContaining("entered only once");
        log.add("outer");
      });
    });
    assertThat(log).containsExactly("outer");
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_double_enter")
  void aScopeCannotBeEnteredAgain() {
    run(() -> {
      var scope = CancelScope.within(ms(10));
      scope.run(() -> log.add("first"));
      assertThatThrownBy(() -> scope.run(() -> log.add("second")))
          .isExactlyInstanceOf(IllegalStateException.class)
          .hasMessageContaining("entered only once");
    });
    assertThat(log).containsExactly("first");
  }

  @Test
  @Origin("CPython 3.14 test_timeouts.test_timeout_without_task")
  void aTimeoutOutsideATaskIsRefused() {
    assertThatThrownBy(() -> Async.timeout(ms(10), () -> log.add("body")))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must be called inside a task");
    assertThat(log).isEmpty();
  }
}
