package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncBarrier;
import dev.segue.Outcome;
import dev.segue.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Barriers, beside {@code test_locks}. */
class BarriersConformanceTest extends OnLoop {
  private static final int N = 5;
  private static final String AT_ONCE =
      "asyncio's parties leave one by one (draining), and an abort or reset meanwhile fails the rest;"
          + " Segue's have all been let go when the last has arrived";

  private final AsyncBarrier barrier = new AsyncBarrier(N);
  private final List<Integer> results = new ArrayList<>();
  private final List<Integer> broken = new ArrayList<>();

  private static List<Task<Void>> tasks(int count, Action<Exception> body) {
    var tasks = new ArrayList<Task<Void>>();
    for (int i = 0; i < count; i++) {
      tasks.add(Async.createTask(body));
    }
    return tasks;
  }

  private void awaitOrBreak() {
    try {
      results.add(barrier.await());
    } catch (AsyncBarrier.BrokenException _) {
      broken.add(1);
    }
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_repr")
  void itsTextSaysHowManyHaveArrived() {
    run(() -> {
      var tasks = tasks(2, this::awaitOrBreak);
      settle();
      assertThat(barrier).hasToString("barrier (2 of 5 waiting)");
      barrier.abort();
      assertThat(barrier).hasToString("barrier (broken)");
      tasks.forEach(Task::await);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_barrier_parties")
  void itHasAtLeastOneParty() {
    assertThatThrownBy(() -> new AsyncBarrier(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AsyncBarrier(-4)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_filling_one_task")
  void oneTaskFillsABarrierOfOne() {
    run(() -> assertThat(new AsyncBarrier(1).await()).isZero());
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_filling_one_task_twice")
  void aBarrierOfOneIsFilledAgainAndAgain() {
    var one = new AsyncBarrier(1);
    run(() -> {
      var first = Async.createTask(one::await);
      var second = Async.createTask(one::await);
      assertThat(first.await()).isEqualTo(second.await());
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_filling_task_by_task")
  void itFillsTaskByTask() {
    run(() -> {
      var tasks = new ArrayList<Task<Void>>();
      for (int i = 1; i < N; i++) {
        tasks.addAll(tasks(1, this::awaitOrBreak));
        settle();
        assertThat(barrier).hasToString("barrier (" + i + " of 5 waiting)");
      }
      awaitOrBreak();
      tasks.forEach(Task::await);
      assertThat(barrier).hasToString("barrier (0 of 5 waiting)");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_filling_tasks_wait_twice")
  void theSameTasksMeetTwice() {
    var log = new ArrayList<String>();
    run(() ->
        tasks(
                N,
                () -> {
                  barrier.await();
                  log.add("first");
                  barrier.await();
                  log.add("second");
                })
            .forEach(Task::await));
    assertThat(log).hasSize(2 * N);
    assertThat(log.subList(0, N)).containsOnly("first");
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_filling_tasks_check_return_value")
  void eachPartyHasAPlaceOfItsOwn() {
    run(() ->
        tasks(
                N,
                () -> {
                  barrier.await();
                  results.add(barrier.await());
                })
            .forEach(Task::await));
    assertThat(results).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_blocking_tasks_while_draining")
  void whoArrivesAgainAtOnceWaitsForTheNextRound() {
    var others = new AsyncBarrier(N - 2);
    var again = new int[] {2};
    run(() ->
        tasks(
                N,
                () -> {
                  barrier.await();
                  if (again[0]-- > 0) {
                    barrier.await();
                  } else {
                    others.await();
                    barrier.await();
                  }
                })
            .forEach(Task::await));
    assertThat(barrier).hasToString("barrier (0 of 5 waiting)");
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.BarrierTests.test_filling_tasks_cancel_one",
      differs = "asyncio then gives two parties the same place; Segue's places are all different")
  void aPartyThatIsCancelledLeaves() {
    var three = new AsyncBarrier(3);
    run(() -> {
      var tasks = new ArrayList<Task<Integer>>();
      for (int i = 0; i < 2; i++) {
        tasks.add(Async.createTask(three::await));
      }
      settle();
      tasks.get(0).cancel();
      assertThat(tasks.get(0).outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(three).hasToString("barrier (1 of 3 waiting)");
      for (int i = 0; i < 2; i++) {
        tasks.add(Async.createTask(three::await));
      }
      assertThat(tasks.subList(1, 4).stream().map(Task::await)).containsExactly(0, 1, 2);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_reset_barrier")
  void resetOfABarrierWithoutWaitersChangesNothing() {
    run(() -> {
      barrier.reset();
      assertThat(barrier).hasToString("barrier (0 of 5 waiting)");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_reset_barrier_while_tasks_waiting")
  void resetFailsThoseWhoWait() {
    run(() -> {
      var tasks = tasks(N - 1, this::awaitOrBreak);
      settle();
      barrier.reset();
      tasks.forEach(Task::await);
      assertThat(broken).hasSize(N - 1);
      assertThat(barrier).hasToString("barrier (0 of 5 waiting)");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.BarrierTests.test_reset_barrier_when_tasks_half_draining",
      differs = AT_ONCE)
  void resetWhileThePartiesLeaveFailsNone() {
    run(() ->
        tasks(
                N,
                () -> {
                  awaitOrBreak();
                  barrier.reset();
                })
            .forEach(Task::await));
    assertThat(results).hasSize(N);
    assertThat(broken).isEmpty();
  }

  @Test
  @Origin(
      "CPython 3.14 test_locks.BarrierTests.test_reset_barrier_while_tasks_waiting_and_waiting_again")
  void whoWasFailedByAResetMayWaitAgain() {
    run(() -> {
      var tasks =
          tasks(
              N - 1,
              () -> {
                awaitOrBreak();
                awaitOrBreak();
              });
      settle();
      barrier.reset();
      settle();
      awaitOrBreak();
      tasks.forEach(Task::await);
      assertThat(broken).hasSize(N - 1);
      assertThat(results).hasSize(N);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_reset_barrier_while_tasks_draining")
  void resetByTheLastToLeaveConcernsTheNextRoundOnly() {
    var count = new int[1];
    run(() ->
        tasks(
                N,
                () -> {
                  barrier.await();
                  if (++count[0] == 1) {
                    barrier.reset();
                  }
                  awaitOrBreak();
                })
            .forEach(Task::await));
    assertThat(results).hasSize(N);
    assertThat(broken).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_abort_barrier")
  void anAbortedBarrierIsBroken() {
    run(() -> {
      barrier.abort();
      assertThatThrownBy(barrier::await).isInstanceOf(AsyncBarrier.BrokenException.class);
    });
  }

  @Test
  @Origin(
      value =
          "CPython 3.14 test_locks.BarrierTests.test_abort_barrier_when_tasks_half_draining_half_blocking",
      differs = AT_ONCE)
  void abortFailsTheNextRoundAndNotTheOneThatLeaves() {
    var count = new int[1];
    run(() ->
        tasks(
                N,
                () -> {
                  results.add(barrier.await());
                  if (++count[0] > N / 2) {
                    barrier.abort();
                  } else {
                    awaitOrBreak();
                  }
                })
            .forEach(Task::await));
    assertThat(results).hasSize(N);
    assertThat(broken).hasSize(N / 2);
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_abort_barrier_when_exception")
  void aPartyThatFailsMayAbortForTheOthers() {
    run(() ->
        tasks(
                N,
                () -> {
                  if (barrier.await() == N / 2) {
                    barrier.abort();
                  } else {
                    awaitOrBreak();
                  }
                })
            .forEach(Task::await));
    assertThat(broken).hasSize(N - 1);
    assertThat(results).isEmpty();
    assertThat(barrier).hasToString("barrier (broken)");
  }

  @Test
  @Origin("CPython 3.14 test_locks.BarrierTests.test_abort_barrier_when_exception_then_resetting")
  void anAbortedBarrierIsUsableAgainAfterAReset() {
    var gate = new AsyncBarrier(N);
    run(() ->
        tasks(
                N,
                () -> {
                  if (barrier.await() == N / 2) {
                    barrier.abort();
                  } else {
                    awaitOrBreak();
                  }
                  if (gate.await() == N / 2) {
                    barrier.reset();
                  }
                  gate.await();
                  results.add(barrier.await());
                })
            .forEach(Task::await));
    assertThat(broken).isEqualTo(Collections.nCopies(N - 1, 1));
    assertThat(results).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }
}
