package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import dev.segue.futures.Futures;
import dev.segue.futures.ReturnWhen;
import dev.segue.futures.WorkFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A wait that is given up leaves nothing behind that piles up with what it waited for. */
class GivenUpFutureWaitsTest extends OnLoop {
  private static final int WAITS = 100;

  private static void giveUp(Action<? extends Exception> wait) {
    for (int i = 0; i < WAITS; i++) {
      assertThatThrownBy(() -> Async.timeout(ms(1), () -> Async.callable(wait).call()))
          .isInstanceOf(TimeoutException.class);
    }
  }

  private static int observersOf(Task<?> task) {
    int count = 0;
    for (var at = task.newestObserver(); at != null; at = at.older) {
      count++;
    }
    return count;
  }

  // --- of a CompletableFuture

  @Test
  void waitsForACompletableFutureThatAreGivenUpLeaveOneDependant() {
    var future = new CompletableFuture<String>();
    run(() -> giveUp(() -> Async.await(future)));
    assertThat(future.getNumberOfDependents()).isEqualTo(1);
  }

  @Test
  void aFutureHasNoMoreDependantsThanThereWereWaitsAtATime() {
    var future = new CompletableFuture<String>();
    run(() -> {
      for (int i = 0; i < 10; i++) {
        var waits = new ArrayList<Task<?>>();
        for (int j = 0; j < 5; j++) {
          waits.add(Async.createTask(() -> Async.await(future)));
        }
        Async.checkpoint();
        waits.forEach(Task::cancel);
        waits.forEach(Task::outcome);
      }
    });
    assertThat(future.getNumberOfDependents()).isEqualTo(5);
  }

  @Test
  void waitsAfterOnesThatWereGivenUpGetTheValue() {
    var future = new CompletableFuture<String>();
    run(() -> {
      giveUp(() -> Async.await(future));
      var one = Async.createTask(() -> Async.await(future));
      var other = Async.createTask(() -> Async.await(future));
      Async.checkpoint();
      Async.toThread(() -> future.complete("value"));
      assertThat(one.await()).isEqualTo("value");
      assertThat(other.await()).isEqualTo("value");
    });
  }

  @Test
  void aFutureThatEndedAfterTheWaitForItWasGivenUpIsSeenToHaveEnded() {
    var future = new CompletableFuture<String>();
    run(() -> {
      giveUp(() -> Async.await(future));
      future.complete("value");
      assertThat(Async.await(future)).isEqualTo("value");
      assertThat(Async.await(future)).isEqualTo("value");
    });
  }

  @Test
  void aWaitThatIsTakenOverEndsOnce() {
    run(() -> {
      var waiters = new ArrayList<Task<Integer>>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        var future = new CompletableFuture<Integer>();
        giveUpOnce(future);
        var ending = CompletableFuture.runAsync(() -> future.complete(number));
        waiters.add(Async.createTask(() -> Async.await(future)));
        Async.checkpoint();
        ending.join();
      }
      for (int i = 0; i < waiters.size(); i++) {
        assertThat(waiters.get(i).await()).isEqualTo(i);
      }
    });
  }

  private static void giveUpOnce(CompletableFuture<?> future) {
    var waiter = Async.createTask(() -> Async.await(future));
    Async.checkpoint();
    waiter.cancel();
    waiter.outcome();
  }

  // --- of others

  @Test
  void waitsForATaskOfAnotherLoop() {
    try (var other = EventLoop.builder().start()) {
      var task = other.submit(() -> Async.sleep(seconds(3600)));
      run(() -> giveUp(task::await));
      assertThat(task.endedFuture().getNumberOfDependents()).isEqualTo(1);
    }
  }

  @Test
  void iterationsOverTheEndsOfTasks() {
    run(() -> {
      var task = sleeper(3_600_000);
      var tasks = List.of(task);
      giveUp(() -> Async.asCompleted(tasks).iterator().next());
      assertThat(observersOf(task)).isLessThan(WAITS / 2);
    });
  }

  @Test
  void anIterationGoesOnAfterAStepThatWasGivenUp() {
    run(() -> {
      var tasks = List.of(sleeper(1_000), sleeper(10), sleeper(20));
      var ends = Async.asCompleted(tasks).iterator();
      giveUpStep(ends::next);
      tasks.get(1).await(); // it ends while nothing waits for the next one
      assertThat(ends.next()).isSameAs(tasks.get(1));
      assertThat(ends.next()).isSameAs(tasks.get(2));
      giveUpStep(ends::next);
      assertThat(ends.next()).isSameAs(tasks.get(0));
      assertThat(ends.hasNext()).isFalse();
    });
  }

  private static void giveUpStep(Action<Exception> step) {
    assertThatThrownBy(() -> Async.timeout(ms(1), step)).isInstanceOf(TimeoutException.class);
  }

  @Test
  void waitsForTheWorkOfAnExecutorThatTells() {
    var future = new CountingWork();
    run(() -> {
      for (int i = 0; i < WAITS; i++) {
        var waiter = Async.createTask(() -> Async.<String>await(future));
        Async.checkpoint();
        waiter.cancel(); // the clock stands still while somebody works for the loop
        waiter.outcome();
      }
      assertThat(future.callbacks).hasSize(1);
      var waiter = Async.createTask(() -> Async.<String>await(future));
      Async.checkpoint();
      future.run();
      future.callbacks.forEach(Runnable::run);
      assertThat(waiter.await()).isEqualTo("value");
    });
    assertThat(future.callbacks).hasSize(1);
  }

  /** Work that counts who wants to know of its end. */
  private static final class CountingWork extends FutureTask<String> implements WorkFuture<String> {
    private final List<Runnable> callbacks = new ArrayList<>();

    CountingWork() {
      super(() -> "value");
    }

    @Override
    public void whenDone(Runnable callback) {
      callbacks.add(callback);
    }

    @Override
    public CompletionStage<Void> ended() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void waitsOfThreadsForSeveralFutures() throws Exception {
    var future = new CompletableFuture<String>();
    for (int i = 0; i < WAITS; i++) {
      var result = Futures.waitFor(List.of(future), ReturnWhen.ALL_COMPLETED, ms(0));
      assertThat(result.pending()).containsExactly(future);
    }
    assertThat(future.getNumberOfDependents()).isEqualTo(1);
    var ending = CompletableFuture.runAsync(() -> future.complete("value"));
    assertThat(Futures.waitFor(List.of(future), ReturnWhen.ALL_COMPLETED, seconds(60)).done())
        .containsExactly(future);
    ending.join();
  }
}
