package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.Async;
import dev.segue.Cancelled;
import dev.segue.Outcome;
import java.util.ArrayList;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Cancelling tasks, and shielding from it, beside {@code test_tasks}. */
class TaskCancellationConformanceTest extends OnLoop {
  // --- cancelling a task

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel")
  void cancelEndsASleep() {
    run(() -> {
      var task = Async.createTask(() -> Async.sleep(seconds(10)));
      Async.checkpoint();
      assertThat(task.cancel()).isTrue();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(task.isDone()).isTrue();
      assertThat(task.isCancelled()).isTrue();
      assertThat(task.cancel()).isFalse();
    });
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_yield")
  void cancelEndsATaskThatOnlyYields() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.checkpoint();
            log.add("first turn");
            Async.checkpoint();
            log.add("second turn");
          });
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancelling")
  void cancelIsARequestThatMayBeRepeated() {
    run(() -> {
      var task = Async.createTask(() -> Async.sleep(seconds(10)));
      Async.checkpoint();
      assertThat(task.isCancelRequested()).isFalse();
      assertThat(task.cancel()).isTrue();
      assertThat(task.isCancelRequested()).isTrue();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.cancel()).isTrue();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_with_message_then_future_result")
  void theAwaiterSeesTheReasonOfTheCancel() {
    run(() -> {
      var task = Async.createTask(() -> Async.sleep(seconds(10)));
      Async.checkpoint();
      task.cancel("my message");
      assertThatThrownBy(task::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("my message")
          .cause()
          .isInstanceOfSatisfying(
              Cancelled.class, e -> assertThat(e.reason()).isEqualTo("my message"));
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_with_message_before_starting_task")
  void aTaskThatIsCancelledBeforeItStartsNeverDoes() {
    var log = new ArrayList<String>();
    run(() -> {
      var task = Async.createTask(() -> log.add("started"));
      task.cancel("my message");
      assertThatThrownBy(task::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("my message");
    });
    assertThat(log).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_task_catching")
  void aTaskMayCatchItsCancelAndReturn() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.sleep(seconds(10));
              return 0;
            } catch (Cancelled _) {
              return 42;
            }
          });
      Async.checkpoint();
      task.cancel();
      assertThat(task.await()).isEqualTo(42);
      assertThat(task.isCancelled()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_cancel_task_ignoring",
      differs =
          "in asyncio a task that swallows its cancel goes on as if there had been none; in Segue"
              + " each later wait throws again, until the body ends")
  void aTaskThatSwallowsItsCancelIsCancelledAgainAtItsNextWait() {
    var waited = new CompletableFuture<Integer>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.sleep(seconds(10));
            } catch (Cancelled _) {
              // swallowed
            }
            return Async.await(waited);
          });
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(waited.isDone()).isFalse();
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_uncancel_basic",
      differs = "asyncio has Task.uncancel(); Segue has none: a shield waits on despite a cancel")
  void aCancelledTaskWaitsOnInAShield() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.sleep(seconds(10));
              return "slept";
            } catch (Cancelled _) {
              Async.shield(() -> Async.sleep(seconds(3)));
              return "went on";
            }
          });
      Async.sleep(seconds(1));
      task.cancel();
      assertThat(task.await()).isEqualTo("went on");
    });
    assertThat(clock.elapsed()).isEqualTo(seconds(4));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_uncancel_structured_blocks")
  void whatFollowsATimedOutBlockIsNotCancelled() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.timeout(
                  ms(100),
                  () -> {
                    Async.sleep(seconds(10));
                    log.add("block finished");
                  });
            } catch (TimeoutException _) {
              log.add("timed out");
            }
            Async.sleep(seconds(1));
            log.add("outer code");
          });
      task.await();
      assertThat(task.isCancelRequested()).isFalse();
    });
    assertThat(log).containsExactly("timed out", "outer code");
    assertThat(clock.elapsed()).isEqualTo(ms(1100));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_cancel_inner_future",
      differs =
          "in asyncio a task that awaits a cancelled future ends cancelled; in Segue it fails,"
              + " since nobody cancelled the task itself")
  void aTaskWhoseAwaitedFutureIsCancelledFails() {
    run(() -> {
      var future = new CompletableFuture<Integer>();
      var task = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      future.cancel(true);
      task.outcome();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.exceptionNow()).isExactlyInstanceOf(CancellationException.class);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_cancel_both_task_and_inner_future",
      differs =
          "asyncio ends the task cancelled; in Segue a wait that was over before the cancel tells"
              + " its own end")
  void aWaitThatEndedBeforeTheCancelTellsItsOwnEnd() {
    run(() -> {
      var future = new CompletableFuture<Integer>();
      var task = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      future.cancel(true);
      task.cancel();
      task.outcome();
      assertThat(task.isCancelRequested()).isTrue();
      assertThat(task.exceptionNow()).isExactlyInstanceOf(CancellationException.class);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_current_task")
  void aTaskThatCancelsItselfEndsAtItsNextWait() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel();
            log.add("before the wait");
            Async.sleep(seconds(100));
            log.add("after the wait");
          });
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("before the wait");
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_cancel_at_end",
      differs =
          "asyncio ends a task cancelled whose body returns right after the cancel; in Segue what a"
              + " body returns is its result")
  void aBodyThatReturnsAfterTheCancelHasAResult() {
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.currentTask().cancel();
            return 12;
          });
      assertThat(task.await()).isEqualTo(12);
      assertThat(task.isCancelled()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_cancel_awaited_task",
      differs = "asyncio passes a cancel on to the awaited task; in Segue only groups do that")
  void cancellingTheAwaiterLeavesTheAwaitedTaskAlone() {
    run(() -> {
      var awaited =
          Async.createTask(() -> {
            Async.sleep(seconds(1));
            return "done";
          });
      var awaiter = Async.createTask(() -> awaited.await());
      Async.checkpoint();
      awaiter.cancel();
      awaiter.outcome();
      assertThat(awaiter.isCancelled()).isTrue();
      assertThat(awaited.isCancelRequested()).isFalse();
      assertThat(awaited.await()).isEqualTo("done");
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_traceback_for_future_result")
  void theCancellationShowsTheInterruptedLine() {
    run(() -> {
      var task = Async.createTask(() -> theInterruptedWait());
      Async.checkpoint();
      task.cancel();
      var seen = catchThrowableOfType(CancellationException.class, task::await);
      assertThat(seen.getCause().getStackTrace())
          .extracting(StackTraceElement::getMethodName)
          .contains("theInterruptedWait");
    });
  }

  private static void theInterruptedWait() {
    Async.sleep(seconds(10));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancellation_exception_context")
  void anExceptionMadeOfACancellationKeepsItAsItsCause() {
    run(() -> {
      var inner = Async.createTask(() -> Async.sleep(seconds(10)));
      var outer =
          Async.createTask(() -> {
            try {
              inner.await();
            } catch (CancellationException e) {
              throw new IllegalStateException("cancelled", e);
            }
          });
      Async.checkpoint();
      inner.cancel("msg");
      assertThatThrownBy(outer::await)
          .isInstanceOf(CompletionException.class)
          .cause()
          .hasMessage("cancelled")
          .cause()
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("msg");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_baseexception_during_cancel",
      differs =
          "in asyncio a SystemExit also stops the loop; in Segue an Error ends its task alone")
  void anErrorThrownDuringTheCancelIsTheTasksFailure() {
    var error = new AssertionError("on the way out");
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              Async.sleep(seconds(10));
            } catch (Cancelled _) {
              throw error;
            }
          });
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isFalse();
      assertThat(task.exceptionNow()).isSameAs(error);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_yield_future_passes_cancel")
  void aCancelPassesThroughEveryFrameOfTheBody() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            try {
              try {
                Async.sleep(seconds(10));
              } catch (Cancelled e) {
                log.add("inner");
                throw e;
              }
            } catch (Cancelled _) {
              log.add("outer");
            }
          });
      Async.checkpoint();
      task.cancel();
      task.await();
    });
    assertThat(log).containsExactly("inner", "outer");
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_tb_logger_not_called_after_cancel",
      differs =
          "in asyncio cancelling a task that has failed silences its failure; in Segue only looking"
              + " at it does")
  void cancellingAFailedTaskDoesNotSilenceItsFailure() {
    var failure = new Boom("unseen");
    run(() -> {
      var task = Async.createTask(() -> raise(failure));
      Async.checkpoint();
      assertThat(task.cancel()).isFalse();
    });
    assertThat(unobserved).containsExactly(failure);
    unobserved.clear();
  }

  // --- shield

  @Test
  @Origin("CPython 3.14 test_tasks.test_shield_result")
  void shieldReturnsWhatItsBodyReturns() {
    run(() ->
        assertThat(
                Async.shield(() -> {
                  Async.sleep(ms(1));
                  return 42;
                }))
            .isEqualTo(42));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_shield_exception")
  void shieldThrowsTheVeryExceptionOfItsBody() {
    var failure = new Boom("expected");
    run(() -> assertThatThrownBy(() -> Async.shield(() -> raise(failure))).isSameAs(failure));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_shield_effect",
      differs =
          "asyncio's shield is a task apart: the outer one is cancelled at once, the inner one goes"
              + " on unattended; Segue's is a scope of the same task, which is cancelled after it")
  void aShieldedBodyComesToItsEndBeforeTheCancelTakesEffect() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            Async.shield(() -> {
              Async.sleep(seconds(1));
              log.add("inner");
            });
            Async.checkpoint();
            log.add("outer");
          });
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("inner");
    assertThat(clock.elapsed()).isEqualTo(seconds(1));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_shield_cancel_outer_exception",
      differs =
          "in asyncio a failure of the inner task after the outer one's cancel goes to the exception"
              + " handler; in Segue it leaves the shield, as it always does")
  void aFailureInAShieldAfterTheCancelIsTheTasksOwn() {
    var failure = new Boom("foo");
    run(() -> {
      var task =
          Async.createTask(() ->
              Async.shield(() -> {
                Async.sleep(seconds(1));
                raise(failure);
              }));
      Async.checkpoint();
      task.cancel();
      task.outcome();
      assertThat(task.exceptionNow()).isSameAs(failure);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_shield_gather")
  void aShieldedGatherComesToItsEndDespiteACancel() {
    run(() -> {
      var task =
          Async.createTask(
              () -> Async.shield(() -> Async.gather(() -> slowly(10, "a"), () -> slowly(20, "b"))));
      Async.checkpoint();
      task.cancel();
      assertThat(task.await()).containsExactly("a", "b");
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_shield_cancel_inner")
  void aShieldDoesNotHideThatTheAwaitedTaskWasCancelled() {
    run(() -> {
      var inner = sleeper(1000);
      Async.checkpoint();
      inner.cancel();
      assertThatThrownBy(() -> Async.shield(() -> inner.await()))
          .isExactlyInstanceOf(CancellationException.class);
    });
  }
}
