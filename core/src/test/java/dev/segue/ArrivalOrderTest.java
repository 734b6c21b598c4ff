package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What another thread does to a loop takes effect there in the order in which that thread did it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ArrivalOrderTest {
  /** Runs an action on another thread, and holds the loop until it has ended. */
  private static void elsewhere(Runnable action) {
    var ended = CompletableFuture.runAsync(action);
    while (!ended.isDone()) {
      Thread.onSpinWait();
    }
    ended.join();
  }

  // --- a cancel that is on its way is no deadlock

  private static Task<?> waiterFor(AsyncLock lock) {
    var waiter = Async.createTask("waiter", () -> lock.acquire().close());
    Async.checkpoint();
    return waiter;
  }

  @Test
  void aTaskThatHasBeenCancelledElsewhereClosesNoRing() {
    var lock = new AsyncLock();
    Async.run(() -> {
      try (var _ = lock.acquire()) {
        var waiter = waiterFor(lock);
        elsewhere(waiter::cancel);
        assertThat(waiter.outcome()).isInstanceOf(Outcome.Cancellation.class);
      }
    });
  }

  @Test
  void aScopeThatHasBeenCancelledElsewhereClosesNoRing() {
    var lock = new AsyncLock();
    var scope = CancelScope.create();
    Async.run(() -> {
      try (var _ = lock.acquire()) {
        var waiter = Async.createTask(() -> scope.run(() -> lock.acquire().close()));
        Async.checkpoint();
        elsewhere(() -> scope.cancel("elsewhere"));
        assertThat(waiter.await()).isFalse();
      }
    });
  }

  @Test
  void aCancelOfTheTaskThatBeginsToWaitClosesNoRing() {
    var lock = new AsyncLock();
    Async.run(() -> {
      var owner =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              var waiter = waiterFor(lock);
              elsewhere(Async.currentTask()::cancel);
              waiter.await();
            }
          });
      assertThat(owner.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aCancelOfAGroupOpensARingThroughItsTasks() {
    Async.run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                var self = Async.currentTask();
                TaskGroup.run(group -> {
                  group.spawn("child", () -> self.await());
                  Async.checkpoint();
                  elsewhere(() -> group.scope().cancel("elsewhere"));
                });
              });
      assertThat(owner.outcome()).isInstanceOf(Outcome.Success.class);
    });
  }

  @Test
  void aCancelOutsideAShieldDoesNotCount() {
    var lock = new AsyncLock();
    Async.run(() -> {
      try (var _ = lock.acquire()) {
        var waiter = Async.createTask("waiter", () -> Async.shield(() -> lock.acquire().close()));
        Async.checkpoint();
        elsewhere(waiter::cancel);
        assertThatThrownBy(waiter::await).isInstanceOf(DeadlockException.class);
      }
    });
  }

  @Test
  void aTimeOutAroundAGroupDoesNotCountForItsTasksInAShield() {
    Async.run(() -> {
      var owner =
          Async.createTask(
              "owner",
              () -> {
                var self = Async.currentTask();
                Async.timeout(
                    Duration.ofMinutes(5),
                    () ->
                        TaskGroup.run(
                            group -> group.spawn(() -> Async.shield(() -> self.await()))));
              });
      assertThatThrownBy(owner::await).hasRootCauseInstanceOf(DeadlockException.class);
    });
  }

  // --- what was handed over before a future ended is there

  @Test
  void aCallbackRunsBeforeAFutureThatEndedAfterItIsSeenToHaveEnded() {
    Async.run(() -> {
      var loop = Async.currentLoop();
      var items = new ArrayList<String>();
      var last = new CompletableFuture<String>();
      elsewhere(() -> {
        loop.execute(() -> items.add("item"));
        last.complete("last");
      });
      assertThat(Async.await(last)).isEqualTo("last");
      assertThat(items).containsExactly("item");
    });
  }

  @Test
  void aCallbackRunsBeforeAFutureOfAnyKindThatEndedAfterIt() {
    Async.run(() -> {
      var loop = Async.currentLoop();
      var items = new ArrayList<String>();
      var work =
          new FutureTask<>(() -> {
            loop.execute(() -> items.add("item"));
            return "last";
          });
      elsewhere(work);
      assertThat(Async.<String>await(work)).isEqualTo("last");
      assertThat(items).containsExactly("item");
    });
  }

  @Test
  void aCancelTakesEffectBeforeAFutureThatEndedAfterIt() {
    Async.run(() -> {
      var sleeper = Async.createTask(() -> Async.sleep(Duration.ofMinutes(5)));
      Async.checkpoint();
      var told = new CompletableFuture<Void>();
      elsewhere(() -> {
        sleeper.cancel();
        told.complete(null);
      });
      Async.await(told);
      assertThat(sleeper.isCancelled()).isTrue();
    });
  }

  @Test
  void aCallbackRunsBeforeTheWorkThatHandedItOverReturns() {
    var ran = new AtomicInteger();
    Async.run(() -> {
      var loop = Async.currentLoop();
      var busy =
          Async.createTask(() -> {
            while (true) {
              Async.checkpoint();
            }
          });
      for (int i = 1; i <= 2_000; i++) {
        Async.toThread(() -> loop.execute(ran::incrementAndGet));
        assertThat(ran).hasValue(i);
      }
      busy.cancel();
    });
  }

  // --- and no more than a turn can bear

  @Test
  void threadsThatSubmitWithoutEndDoNotMakeTheTurnsLonger() {
    int submitted = 10_000;
    var ran = new AtomicInteger();
    Async.run(() -> {
      var loop = Async.currentLoop();
      elsewhere(() -> {
        for (int i = 0; i < submitted; i++) {
          loop.execute(ran::incrementAndGet);
        }
      });
      Async.checkpoint(); // this task is ready before what has arrived begins
      Async.checkpoint();
      assertThat(ran.get()).isPositive().isLessThan(submitted / 2);
      while (ran.get() < submitted) {
        Async.checkpoint();
      }
    });
  }
}
