package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.HandDrivenExecutor;
import dev.segue.futures.Futures;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link Futures} in tasks, of tasks, and of work that an executor does elsewhere. */
@Timeout(60)
class FuturesWithTasksTest {
  private static final Function<Integer, Integer> TEN_TIMES = i -> 10 * i;

  private final HandDrivenExecutor hand = new HandDrivenExecutor();

  private static Futures.MapOptions chunks(int size) {
    return new Futures.MapOptions(size, 0, null);
  }

  private static FutureTask<String> future(String value) {
    return new FutureTask<>(() -> value);
  }

  @Test
  void aSerializableFunctionTravelsWithItsItems() {
    var elsewhere = new ElsewhereExecutor();
    elsewhere.onJob = ElsewhereExecutor.Job::runToItsEnd;
    assertThat(Futures.map(elsewhere, i -> 10 * i, List.of(1, 2), chunks(2)))
        .containsExactly(10, 20);
    assertThat(elsewhere.jobs).hasSize(1);
  }

  @Test
  void whatCannotTravelIsRefusedByTheExecutor() {
    var results = Futures.map(new ElsewhereExecutor(), TEN_TIMES, List.of(1));
    assertThatThrownBy(results::toList)
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessage("does not travel")
        .hasCauseInstanceOf(NotSerializableException.class);
  }

  @Test
  @CarrierOnly(Difference.FUTURES)
  void mappingInsideATaskOnlyThatTaskWaits() {
    Async.run(() -> {
      var other =
          Async.createTask(() -> hand.tasks.forEach(FutureTask::run)); // only if the loop goes on
      assertThat(Futures.map(hand, TEN_TIMES, List.of(1, 2))).containsExactly(10, 20);
      other.await();
    });
  }

  @Test
  @CarrierOnly(Difference.FUTURES)
  void cancellingTheConsumingTaskCancelsWhatIsUnderWay() {
    Async.run(() -> {
      var task = Async.createTask(() -> Futures.map(hand, TEN_TIMES, List.of(1, 2)).toList());
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(hand.tasks).hasSize(2).allMatch(FutureTask::isCancelled);
    });
  }

  @Test
  void futuresOfEveryKindAreTold() throws Exception {
    try (var pool = Executors.newFixedThreadPool(1);
        var loop = EventLoop.builder().start()) {
      var stage = new CompletableFuture<String>();
      List<Future<String>> futures =
          List.of(pool.submit(() -> "pool"), loop.submit(() -> "task"), stage);
      stage.complete("stage");
      var seen = new ArrayList<String>();
      for (var ended : Futures.asCompleted(futures)) {
        seen.add(ended.get());
      }
      assertThat(seen).containsExactlyInAnyOrder("pool", "task", "stage");
    }
  }

  @Test
  @CarrierOnly(Difference.FUTURES)
  void iteratingInsideATaskOnlyThatTaskWaits() throws Exception {
    Async.run(() -> {
      var release = new CountDownLatch(1);
      var slow =
          new FutureTask<>(() -> {
            release.await();
            return "slow";
          });
      Thread.ofPlatform().start(slow);
      var other = Async.createTask(release::countDown); // runs only if the loop goes on
      assertThat(Futures.asCompleted(List.of(slow)).iterator().next().get()).isEqualTo("slow");
      other.await();
    });
  }

  @Test
  @CarrierOnly(Difference.FUTURES)
  void aCancelledTaskLeavesTheIteration() {
    Async.run(() -> {
      var never = future("never");
      var task = Async.createTask(() -> Futures.asCompleted(List.of(never)).iterator().next());
      Async.checkpoint();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(never.isCancelled()).isFalse();
    });
  }
}
