package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.Async;
import dev.segue.AsyncCondition;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncSemaphore;
import dev.segue.Cancelled;
import dev.segue.EventLoop;
import dev.segue.Outcome;
import dev.segue.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Locks, events, conditions and semaphores, beside {@code test_locks}. */
class LocksConformanceTest extends OnLoop {
  private static final String OWNED =
      "asyncio's lock has no owner, so any task may release it; Segue's is released by its owner, as"
          + " trio's is";
  private static final String SIGNALLED =
      "asyncio throws that cancel and passes the signal on; in Segue the wait is over once it is"
          + " signalled, and the next wait throws";

  private final List<Integer> result = new ArrayList<>();

  // --- locks

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_lock")
  void aLockIsHeldUntilItIsReleased() {
    var lock = new AsyncLock();
    run(() -> {
      lock.acquire();
      assertThat(lock).asString().contains("held by");
      lock.release();
      assertThat(lock).asString().contains("free");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_repr")
  void aLocksTextSaysWhetherItIsHeldAndHowManyWait() {
    var lock = new AsyncLock();
    run(() -> {
      assertThat(lock).asString().contains("free");
      try (var _ = lock.acquire()) {
        assertThat(lock).asString().contains("held by task 'main', 0 waiting");
      }
    });
  }

  private Task<Void> locking(AsyncLock lock, int number) {
    return Async.createTask(() -> {
      try (var _ = lock.acquire()) {
        result.add(number);
        Async.sleep(seconds(1));
      }
    });
  }

  @Test
  @Origin(value = "CPython 3.14 test_locks.LockTests.test_acquire", differs = OWNED)
  void tasksGetALockOneAfterTheOther() {
    var lock = new AsyncLock();
    run(() -> {
      lock.acquire();
      var tasks = new ArrayList<>(List.of(locking(lock, 1), locking(lock, 2)));
      settle();
      assertThat(result).isEmpty();
      lock.release();
      settle();
      assertThat(result).containsExactly(1);
      tasks.add(locking(lock, 3));
      Async.sleep(seconds(1));
      assertThat(result).containsExactly(1, 2);
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(1, 2, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_acquire_cancel")
  void aTaskThatWaitsForALockCanBeCancelled() {
    var lock = new AsyncLock();
    run(() -> {
      try (var _ = lock.acquire()) {
        var task = locking(lock, 1);
        settle();
        task.cancel();
        assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
        assertThat(lock).asString().contains("0 waiting");
      }
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_cancel_race")
  void aReleaseWhileTheNextIsCancelledGoesToTheOneAfter() {
    var lock = new AsyncLock();
    run(() -> {
      var lease = lock.acquire();
      var b = locking(lock, 1);
      var c = locking(lock, 2);
      settle();
      b.cancel();
      lease.close();
      c.await();
      assertThat(b.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(result).containsExactly(2);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.LockTests.test_cancel_release_race",
      differs =
          "in asyncio a task that is cancelled after the release passes the lock on; in Segue it was"
              + " handed the lock, and its next wait throws")
  void aCancelAndAReleaseInOneTurnLeaveTheLockFree() {
    var lock = new AsyncLock();
    run(() -> {
      var lease = lock.acquire();
      var tasks = List.of(locking(lock, 1), locking(lock, 2), locking(lock, 3));
      settle();
      lease.close();
      tasks.get(0).cancel();
      tasks.get(1).cancel();
      tasks.get(2).await();
      assertThat(result).containsExactly(1, 3);
      assertThat(lock).asString().contains("free");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_finished_waiter_cancelled")
  void aLockHandedToATaskThatIsThenCancelledReachesTheNext() {
    var lock = new AsyncLock();
    run(() -> {
      var a = locking(lock, 1);
      settle();
      var b = locking(lock, 2);
      settle();
      b.cancel();
      a.await();
      locking(lock, 3).await();
      assertThat(result).containsExactly(1, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_release_not_acquired")
  void releasingALockThatNobodyHoldsIsRefused() {
    run(() ->
        assertThatThrownBy(() -> new AsyncLock().release())
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_release_no_waiters")
  void aLockThatNobodyWaitsForIsFreeOnceReleased() {
    var lock = new AsyncLock();
    run(() -> {
      lock.acquire();
      lock.release();
      assertThat(lock.tryAcquire()).isTrue();
      lock.release();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.LockTests.test_context_manager")
  void theEndOfTheBlockReleasesTheLock() {
    var lock = new AsyncLock();
    run(() -> {
      assertThatThrownBy(
              () -> {
                try (var _ = lock.acquire()) {
                  throw new Boom("in the block");
                }
              })
          .isInstanceOf(Boom.class);
      assertThat(lock).asString().contains("free");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.ConditionTests.test_ambiguous_loops",
      differs = "asyncio notices at the first wait; Segue at the first use")
  void aLockOfAnotherLoopIsRefused() {
    var lock = new AsyncLock();
    run(() -> lock.acquire().close());
    try (var other = EventLoop.builder().build()) {
      other.run(() ->
          assertThatThrownBy(lock::acquire)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("belongs to loop 'conformance'"));
    }
  }

  // --- events

  private Task<Void> waiting(AsyncEvent event, int number) {
    return Async.createTask(() -> {
      event.await();
      result.add(number);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_repr")
  void anEventsTextSaysWhetherItIsSetAndHowManyWait() {
    var event = new AsyncEvent();
    run(() -> {
      assertThat(event).asString().contains("not set, 0 waiting");
      var task = waiting(event, 1);
      settle();
      assertThat(event).asString().contains("1 waiting");
      event.set();
      assertThat(event).hasToString("event (set)");
      task.await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_wait")
  void anEventThatIsSetWakesAllWhoWait() {
    var event = new AsyncEvent();
    run(() -> {
      var tasks = new ArrayList<>(List.of(waiting(event, 1), waiting(event, 2)));
      settle();
      assertThat(result).isEmpty();
      tasks.add(waiting(event, 3));
      event.set();
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(3, 1, 2);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_wait_on_set")
  void anEventThatIsSetIsNotWaitedFor() {
    var event = new AsyncEvent();
    run(() -> {
      event.set();
      event.await();
    });
    assertThat(jumps).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_wait_cancel")
  void aTaskThatWaitsForAnEventCanBeCancelled() {
    var event = new AsyncEvent();
    run(() -> {
      var task = waiting(event, 1);
      settle();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(event).asString().contains("0 waiting");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_clear")
  void anEventIsClearedAgain() {
    var event = new AsyncEvent();
    run(() -> {
      assertThat(event.isSet()).isFalse();
      event.set();
      assertThat(event.isSet()).isTrue();
      event.clear();
      assertThat(event.isSet()).isFalse();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.EventTests.test_clear_with_waiters")
  void whoWaitedWhenAnEventWasSetGoesOnThoughItIsClearedAtOnce() {
    var event = new AsyncEvent();
    run(() -> {
      var task = waiting(event, 1);
      settle();
      event.set();
      event.clear();
      assertThat(event.isSet()).isFalse();
      event.set();
      event.set();
      task.await();
      assertThat(result).containsExactly(1);
    });
  }

  // --- conditions

  private Task<Void> waiting(AsyncLock lock, AsyncCondition condition, int number) {
    return Async.createTask(() -> {
      try (var _ = lock.acquire()) {
        condition.await();
        result.add(number);
      }
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_wait")
  void signalsWakeOneTaskEachWhichGoesOnWithTheLock() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks =
          List.of(
              waiting(lock, condition, 1),
              waiting(lock, condition, 2),
              waiting(lock, condition, 3));
      settle();
      assertThat(lock).asString().contains("free");
      lock.acquire();
      condition.signal();
      settle();
      assertThat(result).isEmpty(); // for want of the lock
      lock.release();
      settle();
      assertThat(result).containsExactly(1);
      lock.acquire();
      condition.signal();
      condition.signal();
      lock.release();
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(1, 2, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_wait_cancel")
  void aConditionsWaitThatIsCancelledHasTheLock() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var task =
          Async.createTask(
              "waiter",
              () -> {
                try (var _ = lock.acquire()) {
                  var _ = catchThrowableOfType(Cancelled.class, condition::await);
                  return lock.toString();
                }
              });
      settle();
      task.cancel();
      assertThat(task.await()).contains("held by task 'waiter'");
      assertThat(condition).asString().contains("0 waiting");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.ConditionTests.test_wait_cancel_contested",
      differs = SIGNALLED)
  void aSignalledWaitThatIsCancelledWhileTheLockIsContendedReturnsWithTheLock() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var task = waiting(lock, condition, 1);
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        settle();
        task.cancel();
        settle();
        assertThat(result).isEmpty();
      }
      task.await(); // no wait came after
      assertThat(result).containsExactly(1);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.ConditionTests.test_wait_cancel_after_notify",
      differs = SIGNALLED)
  void aCancelAfterTheSignalIsThrownByTheNextWait() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var task =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
              result.add(1);
              condition.await();
              result.add(2);
            }
          });
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        task.cancel();
      }
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(result).containsExactly(1);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_wait_unacquired")
  void waitingWithoutTheLockIsRefused() {
    run(() ->
        assertThatThrownBy(() -> new AsyncLock().newCondition().await())
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.ConditionTests.test_wait_for",
      differs = "Segue has no wait_for; it is a loop around await")
  void aLoopAroundAwaitWaitsForAPredicate() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    var ready = new boolean[1];
    run(() -> {
      var task =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              while (!ready[0]) {
                condition.await();
              }
              result.add(1);
            }
          });
      settle();
      for (boolean now : List.of(false, true)) {
        ready[0] = now;
        try (var _ = lock.acquire()) {
          condition.signal();
        }
        settle();
        assertThat(task.isDone()).isEqualTo(now);
      }
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_notify")
  void signalsBeyondTheWaitersAreDropped() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks = List.of(waiting(lock, condition, 1), waiting(lock, condition, 2));
      settle();
      try (var _ = lock.acquire()) {
        for (int i = 0; i < 2_048; i++) {
          condition.signal();
        }
      }
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(1, 2);
      var late = waiting(lock, condition, 3);
      settle();
      assertThat(late.isDone()).isFalse();
      late.cancel();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_notify_all")
  void signalAllWakesAll() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks = List.of(waiting(lock, condition, 1), waiting(lock, condition, 2));
      settle();
      try (var _ = lock.acquire()) {
        condition.signalAll();
      }
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(1, 2);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_notify_unacquired")
  void signallingWithoutTheLockIsRefused() {
    var condition = new AsyncLock().newCondition();
    run(() -> assertThatThrownBy(condition::signal).isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_notify_all_unacquired")
  void signallingAllWithoutTheLockIsRefused() {
    var condition = new AsyncLock().newCondition();
    run(() -> assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_repr")
  void aConditionsTextSaysHowManyWait() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks = List.of(waiting(lock, condition, 1), waiting(lock, condition, 2));
      settle();
      assertThat(condition).asString().startsWith("condition (2 waiting) of lock-");
      tasks.forEach(Task::cancel);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_timeout_in_block")
  void aTimeOutAroundAConditionsWaitLeavesTheLockHeld() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(() -> Async.timeout(ms(500), condition::await))
            .isInstanceOf(TimeoutException.class);
        condition.signalAll();
      }
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_cancelled_error_wakeup")
  void theCancelOfAConditionsWaitArrivesAsItWas() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    var raised = new Cancelled[1];
    run(() -> {
      var task =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              raised[0] = catchThrowableOfType(Cancelled.class, condition::await);
              throw raised[0];
            }
          });
      settle();
      task.cancel("foo");
      assertThat(((Outcome.Cancellation<?>) task.outcome()).cause()).isSameAs(raised[0]);
      assertThat(raised[0].reason()).isEqualTo("foo");
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.ConditionTests.test_cancelled_error_re_aquire",
      differs = SIGNALLED)
  void theCancelDuringTheReacquisitionArrivesAtTheNextWaitAsItWas() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var task =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
              Async.checkpoint();
            }
          });
      settle();
      try (var _ = lock.acquire()) {
        condition.signal();
        settle();
        task.cancel("foo");
      }
      assertThat(((Outcome.Cancellation<?>) task.outcome()).cause().reason()).isEqualTo("foo");
    });
  }

  /** Takes one unit whenever there is one; ends when there are less than none. */
  private Task<Void> consumer(AsyncLock lock, AsyncCondition condition, int[] state) {
    return Async.createTask(() -> {
      try (var _ = lock.acquire()) {
        while (true) {
          while (state[0] == 0) {
            condition.await();
          }
          if (state[0] < 0) {
            return;
          }
          state[0]--;
        }
      }
    });
  }

  private void aSignalRacedWithACancelIsNotLost(boolean relocking) {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    var state = new int[1];
    run(() -> {
      var consumers = List.of(consumer(lock, condition, state), consumer(lock, condition, state));
      settle();
      try (var _ = lock.acquire()) {
        state[0]++;
        condition.signal();
        if (relocking) {
          settle();
        }
        consumers.get(0).cancel();
      }
      settle();
      assertThat(state[0]).isZero();
      assertThat(consumers.get(0).outcome()).isInstanceOf(Outcome.Cancellation.class);
      state[0] = -1;
      try (var _ = lock.acquire()) {
        condition.signalAll();
      }
      consumers.get(1).await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_cancelled_wakeup")
  void aSignalRacedWithACancelIsNotLost() {
    aSignalRacedWithACancelIsNotLost(false);
  }

  @Test
  @Origin("CPython 3.14 test_locks.ConditionTests.test_cancelled_wakeup_relock")
  void aSignalRacedWithACancelDuringTheReacquisitionIsNotLost() {
    aSignalRacedWithACancelIsNotLost(true);
  }

  // --- semaphores

  private Task<Void> taking(AsyncSemaphore semaphore, int number) {
    return Async.createTask(() -> {
      semaphore.acquire();
      result.add(number);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_initial_value_zero")
  void aSemaphoreMayBeginWithoutPermits() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> assertThat(semaphore.tryAcquire()).isFalse());
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_repr")
  void aSemaphoresTextSaysHowManyPermitsThereAreAndHowManyWait() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      assertThat(semaphore).hasToString("semaphore (1 permits, 0 waiting)");
      semaphore.acquire();
      var task = taking(semaphore, 1);
      settle();
      assertThat(semaphore).hasToString("semaphore (0 permits, 1 waiting)");
      task.cancel();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_semaphore_value")
  void aSemaphoreHasNoNegativeNumberOfPermits() {
    assertThatThrownBy(() -> new AsyncSemaphore(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire")
  void permitsGoToTasksInOrder() {
    var semaphore = new AsyncSemaphore(3);
    run(() -> {
      semaphore.acquire();
      semaphore.acquire();
      var tasks =
          List.of(
              taking(semaphore, 1),
              taking(semaphore, 2),
              taking(semaphore, 3),
              taking(semaphore, 4));
      settle();
      assertThat(result).containsExactly(1);
      semaphore.release();
      semaphore.release();
      settle();
      assertThat(result).containsExactly(1, 2, 3);
      assertThat(semaphore).hasToString("semaphore (0 permits, 1 waiting)");
      semaphore.release();
      tasks.forEach(Task::await);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_cancel")
  void aTaskThatWaitsForAPermitCanBeCancelled() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var task = taking(semaphore, 1);
      settle();
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(semaphore).asString().contains("0 waiting");
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_cancel_before_awoken")
  void aPermitPassesByTheTasksThatWereCancelled() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var tasks =
          List.of(
              taking(semaphore, 1),
              taking(semaphore, 2),
              taking(semaphore, 3),
              taking(semaphore, 4));
      settle();
      tasks.get(0).cancel();
      tasks.get(1).cancel();
      semaphore.release();
      settle();
      assertThat(result).containsExactly(3);
      tasks.get(3).cancel();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_hang")
  void aReleaseRightAfterACancelReachesTheNext() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var first = taking(semaphore, 1);
      var second = taking(semaphore, 2);
      settle();
      first.cancel();
      semaphore.release();
      second.await();
      assertThat(semaphore.tryAcquire()).isFalse();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.SemaphoreTests.test_acquire_no_hang",
      differs =
          "asyncio's second task was woken and is cancelled; Segue's has the permit, and gives it back"
              + " at its next wait")
  void aReleaseRightBeforeACancelIsNotLost() throws TimeoutException {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      var second = new ArrayList<Task<Void>>();
      var first =
          Async.createTask(() -> {
            try (var _ = semaphore.acquire()) {
              Async.checkpoint();
            }
            second.getFirst().cancel();
          });
      second.add(
          Async.createTask(() -> {
            try (var _ = semaphore.acquire()) {
              Async.checkpoint();
              result.add(2);
            }
          }));
      first.await();
      assertThat(second.getFirst().outcome()).isInstanceOf(Outcome.Cancellation.class);
      Async.timeout(seconds(1), semaphore::acquire);
      assertThat(result).isEmpty();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_release_not_acquired")
  void aBoundedSemaphoreRefusesAPermitTooMany() {
    run(() ->
        assertThatThrownBy(() -> AsyncSemaphore.bounded(1).release())
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_release_no_waiters")
  void aPermitThatNobodyWaitsForIsThereForTheNext() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      semaphore.acquire();
      assertThat(semaphore.tryAcquire()).isFalse();
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isTrue();
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_fifo_order")
  void tasksTakeTurns() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      var tasks = new ArrayList<Task<Void>>();
      for (int i = 1; i <= 3; i++) {
        int number = i;
        tasks.add(
            Async.createTask(() -> {
              for (int round = 0; round < 2; round++) {
                try (var _ = semaphore.acquire()) {
                  result.add(number + 10 * round);
                  Async.sleep(ms(10));
                }
              }
            }));
      }
      tasks.forEach(Task::await);
    });
    assertThat(result).containsExactly(1, 2, 3, 11, 12, 13);
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_locks.SemaphoreTests.test_acquire_fifo_order_2",
      differs =
          "asyncio lets a task that was woken run first; in Segue it has its permit already, so that one"
              + " which is free may be taken at once")
  void aTaskThatReleasesAndAsksAgainTakesNobodysPermit() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      var tasks =
          List.of(
              taking(semaphore, 1),
              Async.createTask(() -> {
                semaphore.acquire();
                result.add(2);
                semaphore.release();
                semaphore.acquire();
                result.add(4);
              }),
              taking(semaphore, 3));
      settle();
      semaphore.release();
      semaphore.release();
      tasks.forEach(Task::await);
      assertThat(result).containsExactly(1, 2, 4, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_fifo_order_3")
  void whoIsLeftAfterACancelIsServedInOrder() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var tasks = List.of(taking(semaphore, 1), taking(semaphore, 2), taking(semaphore, 3));
      settle();
      tasks.get(0).cancel();
      settle();
      semaphore.release();
      semaphore.release();
      tasks.get(1).await();
      tasks.get(2).await();
      assertThat(result).containsExactly(2, 3);
    });
  }

  @Test
  @Origin("CPython 3.14 test_locks.SemaphoreTests.test_acquire_fifo_order_4")
  void severalReleasesInOneTurnWakeSeveralTasks() {
    var semaphore = new AsyncSemaphore(0);
    run(() -> {
      var tasks =
          List.of(
              taking(semaphore, 1),
              Async.createTask(() -> {
                semaphore.release();
                semaphore.release();
                semaphore.release();
                assertThat(semaphore).hasToString("semaphore (2 permits, 0 waiting)");
                semaphore.acquire();
                result.add(2);
              }),
              taking(semaphore, 3));
      tasks.forEach(Task::await);
      assertThat(result).containsExactlyInAnyOrder(1, 2, 3);
      assertThat(semaphore.tryAcquire()).isFalse();
    });
  }
}
