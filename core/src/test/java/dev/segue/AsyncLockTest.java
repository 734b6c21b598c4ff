package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class AsyncLockTest extends OnLoop {
  private final AsyncLock lock = new AsyncLock();
  private final List<String> log = new ArrayList<>();

  private Task<Void> locker(String name) {
    return Async.createTask(
        name,
        () -> {
          try (var _ = lock.acquire()) {
            log.add(name);
            Async.checkpoint();
          }
        });
  }

  @Test
  void aFreeLockIsTakenWithoutLettingOthersRun() {
    run(() -> {
      Async.createTask(() -> log.add("other"));
      Async.uninterleaved(() -> {
        lock.acquire().close();
        assertThat(lock.tryAcquire()).isTrue();
        lock.release();
      });
      assertThat(log).isEmpty();
    });
  }

  @Test
  void tasksGetItInTheOrderInWhichTheyAsked() {
    run(() -> {
      var tasks = List.of(locker("a"), locker("b"), locker("c"));
      tasks.forEach(Task::await);
      assertThat(log).containsExactly("a", "b", "c");
    });
  }

  @Test
  void aNewcomerDoesNotOvertakeTheTaskItIsHandedTo() {
    run(() -> {
      lock.acquire();
      var waiter = locker("waiter");
      settle();
      lock.release();
      assertThat(lock.tryAcquire()).isFalse();
      try (var _ = lock.acquire()) {
        log.add("newcomer");
      }
      assertThat(log).containsExactly("waiter", "newcomer");
      waiter.await();
    });
  }

  @Test
  void aTaskThatIsCancelledBeforeTheReleaseIsPassedOver() {
    run(() -> {
      lock.acquire();
      var first = locker("first");
      var second = locker("second");
      settle();
      first.cancel();
      lock.release();
      second.await();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(log).containsExactly("second");
      assertThat(lock.tryAcquire()).isTrue();
      lock.release();
    });
  }

  @Test
  void aTaskThatIsCancelledAfterTheReleaseInTheSameTurnHasTheLock() {
    run(() -> {
      lock.acquire();
      var first = locker("first");
      var second = locker("second");
      settle();
      lock.release();
      first.cancel();
      second.await();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class); // at its next wait
      assertThat(log).containsExactly("first", "second");
    });
  }

  @Test
  void theSameTurnsReleaseAndCancelFromAnotherThreadLoseNothing() {
    run(() -> {
      for (int i = 0; i < 200; i++) {
        var lease = lock.acquire();
        var waiter = locker("waiter");
        Async.checkpoint();
        var canceller = Thread.ofPlatform().start(() -> waiter.cancel());
        lease.close();
        waiter.outcome();
        Async.toThread(() -> canceller.join());
        assertThat(lock.tryAcquire()).isTrue();
        lock.release();
      }
    });
  }

  @Test
  void inACancelledScopeItIsNotTakenEvenIfItIsFree() {
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        scope.cancel("enough");
        assertThatThrownBy(lock::acquire).isInstanceOf(Cancelled.class);
        assertThat(lock).asString().endsWith("(free)");
      });
    });
  }

  @Test
  void aTimeOutEndsTheWait() {
    run(() -> {
      var holder =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              Async.sleep(seconds(2));
            }
          });
      settle();
      assertThatThrownBy(() -> Async.timeout(seconds(1), lock::acquire))
          .isInstanceOf(TimeoutException.class);
      holder.await();
      assertThat(lock).asString().endsWith("(free)");
    });
  }

  @Test
  void closingALeaseTwiceDoesNoHarm() {
    run(() -> {
      var lease = lock.acquire();
      lease.close();
      lease.close();
      try (var _ = lock.acquire()) {
        lease.close();
        assertThat(lock).asString().contains("held by task 'main'");
      }
      assertThat(lock).asString().endsWith("(free)");
    });
  }

  @Test
  void aLeaseOfALockThatSomebodyElseHasNowDoesNothing() {
    run(() -> {
      var lease = lock.acquire();
      var next =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              Async.sleep(seconds(1));
            }
          });
      settle();
      lock.release();
      lease.close();
      assertThat(lock.tryAcquire()).isFalse();
      next.await();
    });
  }

  @Test
  void aLeaseIsClosedByTheTaskThatHoldsTheLock() {
    run(() -> {
      var lease = lock.acquire();
      assertThatThrownBy(() -> Async.createTask("thief", lease::close).await())
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("AsyncLock.Lease.close was called by task 'thief'")
          .hasMessageContaining("held by task 'main'");
      lease.close();
    });
  }

  @Test
  void releasingALockThatNobodyHoldsIsAnError() {
    run(() ->
        assertThatThrownBy(lock::release)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("AsyncLock.release")
            .hasMessageContaining("task 'main', which does not hold lock-")
            .hasMessageContaining("(free)"));
  }

  @Test
  void releasingAnothersLockIsAnErrorAndChangesNothing() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() -> Async.createTask("thief", lock::release).await())
            .cause()
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("task 'thief', which does not hold");
        assertThat(lock).asString().contains("held by task 'main'");
      }
    });
  }

  @Test
  void acquiringItTwiceIsADeadlock() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(lock::acquire)
            .isInstanceOfSatisfying(
                DeadlockException.class,
                e -> assertThat(e.path()).containsExactly(Async.currentTask()))
            .hasMessageMatching("deadlock: 'main' waits for lock-\\d+ held by 'main'");
        assertThat(lock.tryAcquire()).isFalse();
      }
      assertThat(lock).asString().endsWith("(free)");
    });
  }

  @Test
  void acquiringItTwiceIsADeadlockAlsoWithATimeOut() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() -> Async.timeout(seconds(1), lock::acquire))
            .isInstanceOf(DeadlockException.class);
      }
    });
  }

  @Test
  void aTaskThatEndsWithTheLockFailsThoseWhoWaitForIt() {
    run(() -> {
      var holder =
          Async.createTask(
              "holder",
              () -> {
                lock.acquire();
                Async.sleep(seconds(1));
              });
      var first = locker("first");
      var second = locker("second");
      holder.await();
      for (var waiter : List.of(first, second)) {
        assertThatThrownBy(waiter::await)
            .cause()
            .isExactlyInstanceOf(IllegalStateException.class)
            .hasMessageMatching("task 'holder' ended while it held lock-\\d+, .*try.*");
      }
      assertThatThrownBy(lock::acquire).hasMessageContaining("task 'holder' ended while it held");
      assertThatThrownBy(lock::tryAcquire)
          .hasMessageContaining("task 'holder' ended while it held");
      assertThatThrownBy(lock::release).hasMessageContaining("does not hold");
    });
    assertThat(unobserved).hasSize(1);
    unobserved.clear();
  }

  @Test
  void aTaskThatEndsWithTheLockIsReportedAlsoIfNobodyWaits() {
    run(() -> Async.createTask("careless", () -> lock.acquire()).outcome());
    assertThat(unobserved)
        .singleElement()
        .satisfies(thrown ->
            assertThat(thrown)
                .hasMessageMatching("task 'careless' ended while it held lock-\\d+.*"));
    unobserved.clear();
  }

  @Test
  void aTaskThatIsCancelledWithTheLockIsReported() {
    run(() -> {
      var task =
          Async.createTask(
              "cancelled",
              () -> {
                lock.acquire();
                Async.sleep(seconds(1));
              });
      settle();
      task.cancel();
      task.outcome();
    });
    assertThat(unobserved).singleElement().asString().contains("'cancelled'");
    unobserved.clear();
  }

  @Test
  void aWaiterOfATaskThatEndsWithTheLockMayHoldOthers() {
    run(() -> {
      var other = new AsyncLock();
      var holder = Async.createTask(() -> lock.acquire());
      var waiter =
          Async.createTask(() -> {
            try (var _ = other.acquire()) {
              lock.acquire();
            }
          });
      holder.await();
      assertThat(waiter.outcome()).isInstanceOf(Outcome.Failure.class);
      assertThat(other.tryAcquire()).isTrue();
      other.release();
    });
    unobserved.clear();
  }

  @Test
  void aWaiterNeedsNoTurnOfTheHolderAfterTheRelease() {
    run(() -> {
      lock.acquire();
      var waiter = locker("waiter");
      settle();
      lock.release();
      Async.checkpoint();
      assertThat(log).containsExactly("waiter");
      waiter.await();
    });
  }

  @Test
  void manyTasksCountWithoutLosingAnUpdate() {
    var count = new int[1];
    run(() -> {
      var tasks = new ArrayList<Task<Void>>();
      for (int i = 0; i < 100; i++) {
        tasks.add(
            Async.createTask(() -> {
              try (var _ = lock.acquire()) {
                int read = count[0];
                Async.sleep(ms(1));
                count[0] = read + 1;
              }
            }));
      }
      tasks.forEach(Task::await);
    });
    assertThat(count[0]).isEqualTo(100);
    assertThat(clock.elapsed()).isEqualTo(ms(100));
  }

  @Test
  void toStringSaysWhoHoldsItAndHowManyWait() {
    run(() -> {
      assertThat(lock).hasToString("lock (free)"); // it belongs to no loop yet
      var lease = lock.acquire();
      var waiter = locker("waiter");
      settle();
      assertThat(lock).asString().endsWith("(held by task 'main', 1 waiting)");
      assertThat(lease).asString().startsWith("lease of lock-");
      assertThat(waiter).asString().contains("(waiting for lock-").contains("held by task 'main'");
      lease.close();
      assertThat(lease).asString().startsWith("closed lease of lock-");
      waiter.await();
    });
  }

  @Test
  void theExceptionOfAFailedWaiterComesFromItsOwnCall() {
    run(() -> {
      var holder = Async.createTask(() -> lock.acquire());
      var waiter = Async.createTask(this::waitHere);
      holder.await();
      var thrown = catchThrowableOfType(CompletionException.class, waiter::await);
      assertThat(thrown.getCause().getStackTrace())
          .anyMatch(frame -> frame.getMethodName().equals("waitHere"));
    });
    unobserved.clear();
  }

  private void waitHere() {
    lock.acquire();
  }
}
