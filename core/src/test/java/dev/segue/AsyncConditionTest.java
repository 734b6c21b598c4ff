package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncConditionTest extends OnLoop {
  private final AsyncLock lock = new AsyncLock();
  private final AsyncCondition condition = lock.newCondition();
  private final List<String> log = new ArrayList<>();

  private Task<Void> waiter(String name) {
    return Async.createTask(
        name,
        () -> {
          try (var _ = lock.acquire()) {
            condition.await();
            log.add(name);
            Async.checkpoint();
          }
        });
  }

  private void locked(Runnable body) {
    try (var _ = lock.acquire()) {
      body.run();
    }
  }

  @Test
  void awaitLetsOthersHaveTheLock() {
    run(() -> {
      var waiter = waiter("a");
      settle();
      assertThat(lock).asString().endsWith("(free)");
      locked(condition::signal);
      waiter.await();
    });
  }

  @Test
  void aSignalWakesTheTaskThatHasWaitedLongest() {
    run(() -> {
      var tasks = List.of(waiter("a"), waiter("b"), waiter("c"));
      settle();
      locked(condition::signal);
      settle();
      assertThat(log).containsExactly("a");
      locked(condition::signalAll);
      tasks.forEach(Task::await);
      assertThat(log).containsExactly("a", "b", "c");
    });
  }

  @Test
  void aSignalWithoutWaitersIsNotKept() {
    run(() -> {
      locked(condition::signal);
      var waiter = waiter("a");
      settle();
      assertThat(waiter.isDone()).isFalse();
      waiter.cancel();
    });
  }

  @Test
  void theLockIsHeldAgainOnReturn() {
    run(() -> {
      var waiter =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
              return lock.toString();
            }
          });
      settle();
      locked(condition::signal);
      assertThat(waiter.await()).contains("(held by task 'task-");
      assertThat(lock).asString().endsWith("(free)");
    });
  }

  @Test
  void aCancelBeforeTheSignalThrowsWithTheLockHeld() {
    run(() -> {
      var waiter =
          Async.createTask(
              "waiter",
              () -> {
                try (var _ = lock.acquire()) {
                  assertThatThrownBy(condition::await)
                      .isInstanceOf(Cancelled.class)
                      .hasMessage("enough");
                  log.add(lock.toString());
                  throw new Boom("after the cancel");
                }
              });
      settle();
      waiter.cancel("enough");
      waiter.outcome();
      assertThat(log).singleElement().asString().contains("(held by task 'waiter'");
      assertThat(lock).asString().endsWith("(free)");
    });
  }

  @Test
  void aCancelWhileAnotherHasTheLockWaitsForTheLockAndIsNotLost() {
    run(() -> {
      var waiter = waiter("waiter");
      settle();
      try (var _ = lock.acquire()) {
        waiter.cancel("enough");
        Async.sleep(seconds(1));
        assertThat(waiter.isDone()).isFalse();
      }
      assertThat(waiter.outcome())
          .isInstanceOfSatisfying(
              Outcome.Cancellation.class,
              it -> assertThat(it.cause().reason()).isEqualTo("enough"));
      assertThat(log).isEmpty();
    });
  }

  @Test
  void aCancelAfterTheSignalLeavesTheWaitAsItIsAndTheNextOneThrows() {
    run(() -> {
      var waiter = waiter("waiter");
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        waiter.cancel();
      }
      assertThat(waiter.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(log).containsExactly("waiter");
    });
  }

  @Test
  void aCancelDuringTheReacquisitionLeavesTheWaitAsItIsAndTheNextOneThrows() {
    run(() -> {
      var waiter = waiter("waiter");
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        Async.sleep(seconds(1)); // the waiter waits for the lock
        waiter.cancel();
        Async.sleep(seconds(1));
        assertThat(waiter.isDone()).isFalse();
      }
      assertThat(waiter.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(log).containsExactly("waiter");
    });
  }

  @Test
  void aCancelDuringTheReacquisitionInterruptsTheNextJdkWait() {
    run(() -> {
      var waiter =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
              Thread.sleep(60_000);
            }
          });
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        Async.sleep(seconds(1));
        waiter.cancel();
      }
      assertThat(waiter.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aTaskThatIsCancelledTakesNoSignalWithIt() {
    run(() -> {
      var first = waiter("first");
      var second = waiter("second");
      settle();
      try (var _ = lock.acquire()) {
        first.cancel();
        condition.signal();
      }
      second.await();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(log).containsExactly("second");
    });
  }

  @Test
  void inACancelledScopeAwaitThrowsAndKeepsTheLock() {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        try (var _ = lock.acquire()) {
          scope.cancel("enough");
          assertThatThrownBy(condition::await).isInstanceOf(Cancelled.class);
          assertThat(lock).asString().contains("held by task 'main'");
        }
      });
    });
  }

  @Test
  void aTimeOutEndsTheWaitWithTheLockHeld() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() -> Async.timeout(seconds(1), condition::await))
            .isInstanceOf(TimeoutException.class);
        assertThat(lock).asString().contains("held by task 'main'");
      }
      assertThat(clock.elapsed()).isEqualTo(seconds(1));
    });
  }

  @Test
  void theLeaseFromBeforeTheWaitReleasesTheLockAfterIt() {
    run(() -> {
      var waiter = waiter("a");
      settle();
      locked(condition::signal);
      waiter.await();
      assertThat(lock.tryAcquire()).isTrue();
      lock.release();
    });
  }

  @Test
  void onlyTheTaskThatHoldsTheLockMayUseIt() {
    run(() -> {
      assertThatThrownBy(condition::await)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AsyncCondition.await was called by task 'main'");
      assertThatThrownBy(condition::signal)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AsyncCondition.signal was called by task 'main'");
      assertThatThrownBy(condition::signalAll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AsyncCondition.signalAll was called by task 'main'");
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() -> Async.createTask("other", condition::signal).await())
            .hasMessageContaining("task 'other', which does not hold lock-");
      }
    });
  }

  @Test
  void aReacquisitionThatClosesARingIsADeadlockAndTheRingOpens() {
    var other = new AsyncLock();
    run(() -> {
      var waiter =
          Async.createTask(
              "waiter",
              () -> {
                try (var _ = other.acquire();
                    var _ = lock.acquire()) {
                  Async.timeout(seconds(1), condition::await);
                }
              });
      settle();
      var holder =
          Async.createTask(
              "holder",
              () -> {
                try (var _ = lock.acquire();
                    var _ = other.acquire()) {
                  return "has both";
                }
              });
      assertThatThrownBy(waiter::await)
          .cause()
          .isInstanceOf(DeadlockException.class)
          .hasMessageMatching(
              "deadlock: 'waiter' waits for lock-\\d+ held by 'holder' waits for lock-\\d+ held by"
                  + " 'waiter'");
      assertThat(holder.await()).isEqualTo("has both");
    });
  }

  @Test
  void aLockHasAsManyConditionsAsAreWanted() {
    var notFull = lock.newCondition();
    run(() -> {
      var waiter = waiter("a");
      settle();
      locked(notFull::signalAll);
      settle();
      assertThat(log).isEmpty();
      locked(condition::signalAll);
      waiter.await();
    });
  }

  @Test
  void toStringSaysHowManyWaitAndWhoHasTheLock() {
    run(() -> {
      var waiter = waiter("a");
      settle();
      assertThat(condition).asString().matches("condition \\(1 waiting\\) of lock-\\d+ \\(free\\)");
      assertThat(waiter).asString().contains("(waiting for condition (1 waiting) of lock-");
      waiter.cancel();
    });
  }
}
