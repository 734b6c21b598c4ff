package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncBarrierTest extends OnLoop {
  private final AsyncBarrier barrier = new AsyncBarrier(3);

  private Task<Integer> party() {
    return Async.createTask(barrier::await);
  }

  private static List<Integer> results(List<Task<Integer>> tasks) {
    return tasks.stream().map(Task::await).toList();
  }

  @Test
  void theLastToArriveLetsAllGoAndEachKnowsItsPlace() {
    run(() -> {
      var tasks = List.of(party(), party());
      settle();
      assertThat(tasks).noneMatch(Task::isDone);
      int place = Async.uninterleaved(() -> barrier.await());
      assertThat(place).isEqualTo(2);
      assertThat(results(tasks)).containsExactly(0, 1);
    });
  }

  @Test
  void itBeginsAnewForTheNextParties() {
    run(() -> {
      for (int round = 0; round < 3; round++) {
        assertThat(results(List.of(party(), party(), party()))).containsExactly(0, 1, 2);
      }
    });
  }

  @Test
  void aPartyMayArriveAgainBeforeTheOthersHaveGoneOn() {
    var log = new ArrayList<Integer>();
    run(() -> {
      var others = List.of(party(), party());
      settle();
      barrier.await();
      var again = party(); // the others have been let go, and have not run
      settle();
      assertThat(again.isDone()).isFalse();
      others.forEach(task -> log.add(task.await()));
      again.cancel();
    });
    assertThat(log).containsExactly(0, 1);
  }

  @Test
  void aPartyThatIsCancelledLeavesAndTheOthersWaitForOneMore() {
    run(() -> {
      var first = party();
      var second = party();
      settle();
      first.cancel();
      var third = party();
      settle();
      assertThat(barrier).hasToString("barrier (2 of 3 waiting)");
      assertThat(List.of(second, third)).noneMatch(Task::isDone);
      assertThat(barrier.await()).isEqualTo(2);
      assertThat(results(List.of(second, third))).containsExactly(0, 1);
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aPartyThatIsCancelledAfterTheLastArrivedInTheSameTurnHasPassed() {
    run(() -> {
      var first = party();
      var second = party();
      settle();
      barrier.await();
      first.cancel();
      assertThat(results(List.of(first, second))).containsExactly(0, 1);
    });
  }

  @Test
  void inACancelledScopeNobodyArrives() {
    run(() -> {
      var tasks = List.of(party(), party());
      settle();
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        assertThatThrownBy(barrier::await).isInstanceOf(Cancelled.class);
      });
      assertThat(tasks).noneMatch(Task::isDone);
      barrier.await();
      assertThat(results(tasks)).containsExactly(0, 1);
    });
  }

  @Test
  void aTimeOutEndsTheWaitAndLeavesTheBarrierAsItWas() {
    run(() ->
        assertThatThrownBy(() -> Async.timeout(seconds(1), barrier::await))
            .isInstanceOf(TimeoutException.class));
    assertThat(barrier).hasToString("barrier (0 of 3 waiting)");
  }

  @Test
  void abortFailsThoseWhoWaitAndThoseWhoArriveUntilTheReset() {
    run(() -> {
      var waiting = party();
      settle();
      barrier.abort();
      assertThatThrownBy(waiting::await).hasCauseInstanceOf(AsyncBarrier.BrokenException.class);
      assertThatThrownBy(barrier::await)
          .isInstanceOf(AsyncBarrier.BrokenException.class)
          .hasMessageContaining("AsyncBarrier.reset");
      assertThat(barrier).hasToString("barrier (broken)");
      barrier.reset();
      assertThat(results(List.of(party(), party(), party()))).containsExactly(0, 1, 2);
    });
  }

  @Test
  void resetFailsThoseWhoWaitAndTheBarrierIsAsNew() {
    run(() -> {
      var waiting = party();
      settle();
      barrier.reset();
      assertThatThrownBy(waiting::await).hasCauseInstanceOf(AsyncBarrier.BrokenException.class);
      assertThat(barrier).hasToString("barrier (0 of 3 waiting)");
      assertThat(results(List.of(party(), party(), party()))).containsExactly(0, 1, 2);
    });
  }

  @Test
  void resetAndAbortDoNotConcernThoseWhoHaveBeenLetGo() {
    run(() -> {
      var first = List.of(party(), party());
      settle();
      barrier.await();
      barrier.reset();
      assertThat(results(first)).containsExactly(0, 1);
      var second = List.of(party(), party());
      settle();
      barrier.await();
      barrier.abort();
      assertThat(results(second)).containsExactly(0, 1);
    });
  }

  @Test
  void ofOnePartyNobodyWaits() {
    var alone = new AsyncBarrier(1);
    run(() -> {
      assertThat(Async.<Integer, RuntimeException>uninterleaved(alone::await)).isZero();
      assertThat(Async.<Integer, RuntimeException>uninterleaved(alone::await)).isZero();
    });
  }

  @Test
  void lessThanOnePartyIsRefused() {
    assertThatThrownBy(() -> new AsyncBarrier(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parties must be at least 1, and is 0");
  }
}
