package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.Cancelled;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.futures.ReturnWhen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The functions that wait for several tasks, beside {@code test_tasks}. */
class TaskWaitsConformanceTest extends OnLoop {
  // --- waitFor

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait")
  void waitForAllReturnsOnceTheLastHasEnded() {
    run(() -> {
      var a = sleeper(100);
      var b = sleeper(150);
      var first = Async.waitFor(List.of(b, a), ReturnWhen.ALL_COMPLETED);
      assertThat(first.done()).containsExactlyInAnyOrder(a, b);
      assertThat(first.pending()).isEmpty();
      assertThat(clock.elapsed()).isEqualTo(ms(150));

      var again = Async.waitFor(List.of(b, a), ReturnWhen.ALL_COMPLETED);
      assertThat(again).isEqualTo(first);
    });
    assertThat(clock.elapsed()).isEqualTo(ms(150));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_duplicate_coroutines")
  void aTaskThatIsGivenTwiceIsWaitedForOnce() {
    run(() -> {
      var test = Async.createTask(() -> "test");
      var spam = Async.createTask(() -> "spam");
      var ended = Async.waitFor(List.of(test, test, spam), ReturnWhen.ALL_COMPLETED);
      assertThat(ended.done()).containsExactly(test, spam);
      assertThat(ended.pending()).isEmpty();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_wait_errors",
      differs = "asyncio refuses to wait for nothing; in Segue that is over at once, and empty")
  void waitingForNothingIsOverAtOnce() {
    run(() -> {
      var ended = Async.waitFor(List.<Task<String>>of(), ReturnWhen.FIRST_COMPLETED);
      assertThat(ended.done()).isEmpty();
      assertThat(ended.pending()).isEmpty();
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_first_completed")
  void waitForFirstReturnsOnceOneHasEnded() {
    run(() -> {
      var slow = sleeper(10_000);
      var quick = sleeper(100);
      var ended = Async.waitFor(List.of(quick, slow), ReturnWhen.FIRST_COMPLETED);
      assertThat(ended.done()).containsExactly(quick);
      assertThat(ended.pending()).containsExactly(slow);
      assertThat(clock.elapsed()).isEqualTo(ms(100));
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_really_done")
  void waitForCountsWhatEndedBeforeItCouldReturn() {
    run(() -> {
      var a = sleeper(100);
      var b = sleeper(100);
      Async.checkpoint();
      var ended = Async.waitFor(List.of(b, a), ReturnWhen.FIRST_COMPLETED);
      assertThat(ended.done()).containsExactlyInAnyOrder(a, b);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_first_exception")
  void waitForFirstFailedReturnsAtOnceIfOneHasFailed() {
    run(() -> {
      var slow = sleeper(10_000);
      var failed = Async.createTask(() -> raise(new Boom("err")));
      Async.checkpoint();
      var ended = Async.waitFor(List.of(failed, slow), ReturnWhen.FIRST_FAILED);
      assertThat(ended.done()).containsExactly(failed);
      assertThat(ended.pending()).containsExactly(slow);
      assertThat(failed.exceptionNow()).hasMessage("err");
    });
    assertThat(clock.elapsed()).isZero();
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_first_exception_in_wait")
  void waitForFirstFailedReturnsOnceOneFails() {
    run(() -> {
      var slow = sleeper(10_000);
      var quick = sleeper(5);
      var failing =
          Async.createTask(() -> {
            Async.sleep(ms(10));
            raise(new Boom("err"));
          });
      var ended = Async.waitFor(List.of(failing, slow, quick), ReturnWhen.FIRST_FAILED);
      assertThat(ended.done()).containsExactly(failing, quick);
      assertThat(ended.pending()).containsExactly(slow);
      assertThat(failing.exceptionNow()).hasMessage("err");
      assertThat(clock.elapsed()).isEqualTo(ms(10));
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_with_exception")
  void waitForAllDoesNotThrowWhatATaskThrew() {
    run(() -> {
      var good = sleeper(100);
      var bad =
          Async.createTask(() -> {
            Async.sleep(ms(150));
            raise(new Boom("really"));
          });
      var ended = Async.waitFor(List.of(bad, good), ReturnWhen.ALL_COMPLETED);
      assertThat(ended.done()).containsExactly(bad, good);
      assertThat(good.state()).isEqualTo(Future.State.SUCCESS);
      assertThat(bad.exceptionNow()).hasMessage("really");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(150));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_with_timeout")
  void waitForReturnsWhenItsTimeIsUp() {
    run(() -> {
      var a = sleeper(100);
      var b = sleeper(150);
      var ended = Async.waitFor(List.of(b, a), ReturnWhen.ALL_COMPLETED, ms(110));
      assertThat(ended.done()).containsExactly(a);
      assertThat(ended.pending()).containsExactly(b);
      assertThat(clock.elapsed()).isEqualTo(ms(110));
      b.await();
      assertThat(clock.elapsed()).isEqualTo(ms(150));
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_concurrent_complete")
  void waitForCountsWhatEndsTheMomentItsTimeIsUp() {
    run(() -> {
      var a = sleeper(100);
      var b = sleeper(150);
      Async.checkpoint();
      var ended = Async.waitFor(List.of(b, a), ReturnWhen.ALL_COMPLETED, ms(100));
      assertThat(ended.done()).containsExactly(a);
      assertThat(ended.pending()).containsExactly(b);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_yield_wait_does_not_shield_cancel")
  void cancellingAWaitForLeavesItsTasksRunning() {
    run(() -> {
      var inner = sleeper(100);
      var outer =
          Async.createTask(() -> Async.waitFor(List.of(inner), ReturnWhen.ALL_COMPLETED).done());
      Async.checkpoint();
      outer.cancel();
      outer.outcome();
      assertThat(outer.isCancelled()).isTrue();
      inner.await();
    });
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  // --- asCompleted

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed")
  void asCompletedGivesTheFirstToEndFirst() {
    var log = new ArrayList<String>();
    run(() -> {
      var tasks = List.of(named("b", 20), named("c", 150), named("a", 10));
      for (var task : Async.asCompleted(tasks)) {
        log.add(task.await() + " at " + clock.elapsed().toMillis());
      }
    });
    assertThat(log).containsExactly("a at 10", "b at 20", "c at 150");
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed")
  void asCompletedKeepsTheOrderOfTasksThatEndMeanwhile() {
    var log = new ArrayList<String>();
    run(() -> {
      for (var task : Async.asCompleted(List.of(named("b", 20), named("c", 30), named("a", 10)))) {
        log.add(task.await());
        Async.sleep(ms(100));
      }
    });
    assertThat(log).containsExactly("a", "b", "c");
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed_same_tasks_in_as_out")
  void asCompletedGivesTheVeryTasks() {
    run(() -> {
      var tasks = List.of(named("a", 2), named("b", 1));
      assertThat(Async.asCompleted(tasks)).containsExactly(tasks.get(1), tasks.get(0));
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed_duplicate_coroutines")
  void asCompletedGivesATaskOnce() {
    run(() -> {
      var ham = named("ham", 1);
      var spam = named("spam", 2);
      assertThat(Async.asCompleted(List.of(ham, ham, spam))).containsExactly(ham, spam);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_as_completed_with_timeout",
      differs = "asyncio's as_completed takes a time-out; Segue puts the iteration into one")
  void aTimeoutEndsAnIterationAndLeavesTheTasksRunning() {
    var log = new ArrayList<String>();
    run(() -> {
      var a = named("a", 100);
      var b = named("b", 150);
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() ->
              Async.timeout(
                  ms(120),
                  () -> {
                    for (var task : Async.asCompleted(List.of(a, b))) {
                      log.add(task.await());
                    }
                  }));
      assertThat(clock.elapsed()).isEqualTo(ms(120));
      assertThat(log).containsExactly("a");
      assertThat(b.await()).isEqualTo("b");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.test_as_completed_resume_iterator",
      differs =
          "asyncio's as_completed is one iterator, which a second loop resumes; Segue's is an"
              + " Iterable: each loop begins anew, and one of its iterators can be resumed")
  void anIteratorCanBeResumedAndALoopBeginsAnew() {
    run(() -> {
      var completed =
          Async.asCompleted(List.of(named("a", 1), named("b", 2), named("c", 3), named("d", 4)));
      var iterator = completed.iterator();
      var values = new ArrayList<String>();
      values.add(iterator.next().await());
      values.add(iterator.next().await());
      iterator.forEachRemaining(task -> values.add(task.await()));
      assertThat(values).containsExactly("a", "b", "c", "d");
      assertThat(completed).hasSize(4);
    });
  }

  // --- gather

  @Test
  @Origin("CPython 3.14 test_tasks.FutureGatherTests.test_success")
  void gatherReturnsTheResultsInTheOrderOfTheBodies() {
    run(() ->
        assertThat(Async.gather(() -> slowly(20, 2), () -> slowly(10, 1), () -> slowly(30, 3)))
            .containsExactly(2, 1, 3));
    assertThat(clock.elapsed()).isEqualTo(ms(30));
  }

  @Test
  @Origin(
      "CPython 3.14 test_tasks.FutureGatherTests.test_constructor_empty_sequence_use_running_loop")
  void gatheringNothingIsEmpty() {
    run(() -> assertThat(Async.gather(List.<Callable<String>>of())).isEmpty());
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.FutureGatherTests.test_one_exception",
      differs =
          "asyncio's gather raises and leaves the others running; Segue's cancels them and waits"
              + " before it throws")
  void gatherCancelsTheOthersWhenOneFails() {
    var failure = new Boom("b");
    var log = new ArrayList<String>();
    run(() -> {
      assertThatThrownBy(() ->
              Async.gather(
                  () -> log.add("a"),
                  () -> {
                    Async.sleep(ms(10));
                    raise(failure);
                  },
                  () -> {
                    try {
                      Async.sleep(seconds(10));
                      log.add("c");
                    } finally {
                      log.add("c cleaned up");
                    }
                  }))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isSameAs(failure);
      assertThat(log).containsExactly("a", "c cleaned up");
      assertThat(Async.allTasks()).containsExactly(Async.currentTask());
    });
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.FutureGatherTests.test_return_exceptions")
  void gatherOutcomesReturnsFailuresAmongTheResults() {
    var first = new Boom("c");
    var second = new Boom("d");
    run(() -> {
      var outcomes =
          Async.<Integer>gatherOutcomes(
              List.of(
                  () -> slowly(10, 3),
                  () -> 1,
                  () -> {
                    throw first;
                  },
                  () -> {
                    Async.sleep(ms(20));
                    throw second;
                  }));
      assertThat(outcomes)
          .containsExactly(
              new Outcome.Success<>(3),
              new Outcome.Success<>(1),
              new Outcome.Failure<>(first),
              new Outcome.Failure<>(second));
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.FutureGatherTests.test_one_cancellation",
      differs = "Segue's gather cancels the siblings here, too")
  void gatherThrowsWhenOneIsCancelledAndItsCallerIsNot() {
    run(() -> {
      assertThatThrownBy(() ->
              Async.gather(
                  () -> Async.sleep(seconds(10)),
                  () -> {
                    Async.currentTask().cancel("that one alone");
                    Async.checkpoint();
                  }))
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("that one alone");
      Async.sleep(ms(1));
    });
    assertThat(clock.elapsed()).isEqualTo(ms(1));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.FutureGatherTests.test_result_exception_one_cancellation")
  void gatherOutcomesReturnsACancellationAmongTheResults() {
    run(() -> {
      var outcomes =
          Async.<Integer>gatherOutcomes(
              List.of(
                  () -> 1,
                  () -> {
                    Async.currentTask().cancel("that one alone");
                    Async.checkpoint();
                    return 2;
                  },
                  () -> slowly(10, 3)));
      assertThat(outcomes.get(0)).isEqualTo(new Outcome.Success<>(1));
      assertThat(outcomes.get(1))
          .isInstanceOfSatisfying(
              Outcome.Cancellation.class,
              it -> assertThat(it.cause().reason()).isEqualTo("that one alone"));
      assertThat(outcomes.get(2)).isEqualTo(new Outcome.Success<>(3));
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_tasks.CoroutineGatherTests.test_duplicate_coroutines",
      differs = "a coroutine runs once however often it is given; a Segue body runs as often")
  void gatherRunsABodyAsOftenAsItIsGiven() {
    var runs = new ArrayList<String>();
    run(() -> {
      Callable<Integer> abc =
          () -> {
            runs.add("abc");
            return runs.size();
          };
      assertThat(Async.gather(List.of(abc, abc, () -> 7, abc))).containsExactly(1, 2, 7, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.CoroutineGatherTests.test_cancellation_broadcast")
  void cancellingAGatherCancelsEveryBody() {
    var log = new ArrayList<String>();
    run(() -> {
      Callable<Boolean> inner =
          () -> {
            try {
              Async.sleep(seconds(10));
              return log.add("finished");
            } catch (Cancelled e) {
              log.add("cancelled");
              throw e;
            }
          };
      var outer = Async.createTask(() -> Async.gather(Arrays.asList(inner, inner)));
      Async.sleep(ms(1));
      assertThat(outer.cancel()).isTrue();
      outer.outcome();
      assertThat(outer.isCancelled()).isTrue();
    });
    assertThat(log).containsExactly("cancelled", "cancelled");
  }

  @Test
  @Origin("CPython 3.14 test_tasks.CoroutineGatherTests.test_exception_marking")
  void aSecondFailureInAGatherIsNotReportedAsUnseen() {
    run(() -> {
      var second = new Boom("second");
      assertThatThrownBy(() ->
              Async.gather(
                  () -> {
                    Async.sleep(ms(1));
                    raise(new Boom("first"));
                  },
                  () -> {
                    try {
                      Async.sleep(seconds(10));
                    } catch (Cancelled _) {
                      throw second;
                    }
                  }))
          .hasSuppressedException(second)
          .cause()
          .hasMessage("first");
    });
    assertThat(unobserved).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_gather_1")
  void aCancelAfterTheLastBodyEndedDoesNotLoseTheResults() {
    run(() -> {
      var gatherer = Async.createTask(() -> Async.gather(() -> slowly(10, 42)));
      Async.checkpoint();
      Async.sleep(ms(10)); // its timer comes after the body's: the gatherer has not run yet
      assertThat(gatherer.isDone()).isFalse();
      gatherer.cancel();
      assertThat(gatherer.await()).containsExactly(42);
      assertThat(gatherer.isCancelled()).isFalse();
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_cancel_gather_2")
  void gatherOutcomesDoesNotSwallowACancelOfItsCaller() {
    var log = new ArrayList<String>();
    run(() -> {
      var task =
          Async.createTask(() -> {
            while (true) {
              Async.gatherOutcomes(List.of(() -> slowly(50, "again")));
              log.add("gathered");
            }
          });
      Async.sleep(ms(120));
      task.cancel("my message");
      assertThatThrownBy(task::await)
          .isExactlyInstanceOf(CancellationException.class)
          .hasMessageContaining("my message");
    });
    assertThat(log).containsExactly("gathered", "gathered");
    assertThat(clock.elapsed()).isEqualTo(ms(120));
  }

  // --- waits for several: what they are given

  @Test
  @Origin("CPython 3.14 test_tasks.test_wait_invalid_args")
  void waitForRefusesNulls() {
    run(() -> {
      assertThatThrownBy(() -> Async.waitFor(null, ReturnWhen.ALL_COMPLETED))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("tasks must not be null");
      assertThatThrownBy(() -> Async.waitFor(List.of(Async.createTask(() -> 1)), null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("when must not be null");
    });
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed_invalid_args")
  void asCompletedRefusesNull() {
    run(() ->
        assertThatThrownBy(() -> Async.asCompleted(null))
            .isInstanceOf(NullPointerException.class)
            .hasMessage("tasks must not be null"));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed_concurrent")
  void asCompletedWaitsForAllAtOnce() {
    run(() -> {
      var tasks =
          List.of(Async.createTask(() -> slowly(50, "a")), Async.createTask(() -> slowly(50, "b")));
      var values = new ArrayList<String>();
      for (var task : Async.asCompleted(tasks)) {
        values.add(task.await());
      }
      assertThat(values).containsExactly("a", "b");
    });
    assertThat(clock.elapsed()).isEqualTo(ms(50));
  }

  @Test
  @Origin("CPython 3.14 test_tasks.test_as_completed_reverse_wait")
  void tasksFromAsCompletedMayBeAwaitedInAnotherOrder() {
    run(() -> {
      var a = Async.createTask(() -> slowly(50, "a"));
      var b = Async.createTask(() -> slowly(100, "b"));
      var iterator = Async.asCompleted(List.of(b, a)).iterator();
      assertThat(iterator.next()).isSameAs(a);
      assertThat(b.await()).isEqualTo("b");
      assertThat(iterator.next()).isSameAs(b);
      assertThat(iterator.hasNext()).isFalse();
    });
  }

  // --- bodies

  private static Task<String> named(String value, long millis) {
    return Async.createTask(() -> slowly(millis, value));
  }
}
