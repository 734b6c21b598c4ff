package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncSemaphore;
import dev.segue.CancelScope;
import dev.segue.DeadlockException;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Primitives, beside anyio's {@code test_synchronization}. */
class AnyioSynchronizationConformanceTest extends OnLoop {
  private static final String HANDED =
      "anyio's task is cancelled and gives back what it was handed; Segue's has it, and its next wait"
          + " throws";

  private final AsyncLock lock = new AsyncLock();
  private final List<String> results = new ArrayList<>();

  // --- locks

  @Test
  @Origin("anyio test_synchronization.TestLock.test_contextmanager")
  void theNextTaskGoesOnWhenTheBlockEnds() {
    run(() -> {
      TaskGroup.run(group -> {
        try (var _ = lock.acquire()) {
          group.spawn(() -> {
            try (var _ = lock.acquire()) {
              results.add("2");
            }
          });
          settle();
          results.add("1");
        }
      });
      assertThat(lock).asString().contains("free");
    });
    assertThat(results).containsExactly("1", "2");
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_manual_acquire")
  void theNextTaskGoesOnAfterTheRelease() {
    run(() ->
        TaskGroup.run(group -> {
          lock.acquire();
          group.spawn(() -> {
            lock.acquire();
            results.add("2");
            lock.release();
          });
          settle();
          results.add("1");
          lock.release();
        }));
    assertThat(results).containsExactly("1", "2");
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_fast_acquire")
  void aFreeLockIsTakenWithoutLettingOthersRun() {
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> results.add("other"));
          try (var _ = lock.acquire()) {
            assertThat(results).isEmpty();
          }
        }));
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_acquire_nowait_wouldblock")
  void aLockThatAnotherTaskHoldsIsNotTaken() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThat(Async.createTask(lock::tryAcquire).await()).isFalse();
      }
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_acquire_twice_async")
  void aLockIsNotAcquiredTwice() {
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(lock::acquire).isInstanceOf(DeadlockException.class);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Origin("anyio test_synchronization.TestLock.test_cancel_during_acquire")
  void aLockIsNotAcquiredInACancelledGroup(boolean releaseFirst) {
    run(() -> {
      TaskGroup.run(group -> {
        lock.acquire();
        group.spawn(() -> {
          try (var _ = lock.acquire()) {
            results.add("acquired");
          }
        });
        settle();
        group.scope().cancel("enough");
        Async.shield(() -> {
          if (releaseFirst) {
            lock.release();
            settle();
          } else {
            settle();
            lock.release();
          }
        });
      });
      assertThat(lock).asString().contains("free");
    });
    assertThat(results).isEmpty();
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_statistics")
  void aLocksTextCountsThoseWhoWait() {
    run(() -> {
      TaskGroup.run(group -> {
        try (var _ = lock.acquire()) {
          for (int i = 1; i <= 2; i++) {
            group.spawn(() -> lock.acquire().close());
            settle();
            assertThat(lock).asString().contains(i + " waiting");
          }
        }
      });
      assertThat(lock).asString().contains("free");
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_asyncio_deadlock")
  void cancellingTheHolderLetsTheNextGoOn() {
    run(() -> {
      var tasks = new ArrayList<Task<Void>>();
      for (int i = 0; i < 2; i++) {
        tasks.add(
            Async.createTask(() -> {
              try (var _ = lock.acquire()) {
                Async.checkpoint();
              }
            }));
      }
      Async.checkpoint();
      tasks.get(0).cancel();
      tasks.get(1).await();
    });
  }

  @Test
  @Origin(value = "anyio test_synchronization.TestLock.test_cancel_after_release", differs = HANDED)
  void aLockIsNotLostBetweenReleaseAndResumption() {
    run(() -> {
      lock.acquire();
      var task =
          Async.createTask(
              "task1",
              () -> {
                try (var _ = lock.acquire()) {
                  Async.checkpoint();
                }
              });
      settle();
      lock.release();
      task.cancel();
      assertThat(lock).asString().contains("held by task 'task1'");
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(lock.tryAcquire()).isTrue();
      lock.release();
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_cancelled_after_acquire")
  void aLockReleasedAfterItsWaiterWasCancelledIsFree() {
    run(() -> {
      lock.acquire();
      var task = Async.createTask(() -> lock.acquire());
      settle();
      task.cancel();
      lock.release();
      assertThat(lock).asString().contains("free");
      lock.acquire().close();
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_instantiate_outside_event_loop")
  void aLockIsMadeAnywhere() {
    assertThat(lock).asString().contains("free");
    run(() -> lock.acquire().close());
  }

  @Test
  @Origin("anyio test_synchronization.TestLock.test_owner_after_release")
  void releasingALockMakesTheNextItsOwnerAtOnce() {
    run(() -> {
      lock.acquire();
      var next = Async.createTask("task2", () -> lock.acquire().close());
      settle();
      assertThat(lock).asString().contains("held by task 'main'");
      lock.release();
      assertThat(lock).asString().contains("held by task 'task2'");
      next.await();
    });
  }

  // --- events

  @Test
  @Origin("anyio test_synchronization.TestEvent.test_event")
  void aTaskSetsAnEventForAnother() {
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(event::set);
          event.await();
        }));
    assertThat(event.isSet()).isTrue();
  }

  @Test
  @Origin(
      value = "anyio test_synchronization.TestEvent.test_event_cancel",
      differs = "a task that is cancelled before it begins never begins in Segue")
  void aTaskThatIsCancelledDoesNotSeeTheEvent() {
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> {
            results.add("started");
            event.await();
            results.add("set");
          });
          settle();
          group.scope().cancel("enough");
          event.set();
        }));
    assertThat(results).containsExactly("started");
  }

  @Test
  @Origin("anyio test_synchronization.TestEvent.test_event_wait_before_set_before_cancel")
  void aTaskThatWasWokenBeforeTheCancelGoesOn() {
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> {
            event.set();
            group.scope().cancel("enough");
          });
          event.await();
          results.add("woke");
        }));
    assertThat(results).containsExactly("woke");
  }

  @Test
  @Origin("anyio test_synchronization.TestEvent.test_instantiate_outside_event_loop")
  void anEventIsMadeAndSetAnywhere() {
    var event = new AsyncEvent();
    assertThat(event.isSet()).isFalse();
    event.set();
    assertThat(event.isSet()).isTrue();
    run(event::await);
  }

  // --- conditions

  @Test
  @Origin("anyio test_synchronization.TestCondition.test_contextmanager")
  void aTaskSignalsAnother() {
    var condition = lock.newCondition();
    run(() ->
        TaskGroup.run(group -> {
          try (var _ = lock.acquire()) {
            group.spawn(() -> {
              try (var _ = lock.acquire()) {
                condition.signalAll();
              }
            });
            condition.await();
          }
        }));
  }

  @Test
  @Origin("anyio test_synchronization.TestCondition.test_wait_cancel")
  void aTaskThatIsCancelledIsNotSignalled() {
    var condition = lock.newCondition();
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> {
            try (var _ = lock.acquire()) {
              results.add("started");
              condition.await();
              results.add("signalled");
            }
          });
          settle();
          group.scope().cancel("enough");
        }));
    assertThat(results).containsExactly("started");
  }

  @Test
  @Origin("anyio test_synchronization.TestCondition.test_notification_handover_on_cancel")
  void aSignalPassesByATaskThatWasCancelled() {
    var condition = lock.newCondition();
    run(() ->
        TaskGroup.run(group -> {
          var scope = CancelScope.create();
          group.spawn(() ->
              scope.run(() -> {
                try (var _ = lock.acquire()) {
                  condition.await();
                }
              }));
          var second =
              group.spawn(() -> {
                try (var _ = lock.acquire()) {
                  Async.timeout(seconds(3), condition::await);
                }
              });
          settle();
          try (var _ = lock.acquire()) {
            scope.cancel("enough");
            condition.signal();
          }
          second.await();
        }));
  }

  @Test
  @Origin("anyio test_synchronization.TestCondition.test_wait_no_lock")
  void waitingForAConditionTakesTheLock() {
    run(() ->
        assertThatThrownBy(() -> lock.newCondition().await())
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("task 'main', which does not hold lock-"));
  }

  @Test
  @Origin("anyio test_synchronization.TestCondition.test_statistics")
  void aConditionsTextCountsThoseWhoWait() {
    var condition = lock.newCondition();
    run(() ->
        TaskGroup.run(group -> {
          for (int i = 1; i <= 2; i++) {
            group.spawn(() -> {
              try (var _ = lock.acquire()) {
                condition.await();
              }
            });
            settle();
            assertThat(condition).asString().contains("(" + i + " waiting)");
          }
          for (int i = 1; i >= 0; i--) {
            try (var _ = lock.acquire()) {
              condition.signal();
            }
            settle();
            assertThat(condition).asString().contains("(" + i + " waiting)");
          }
        }));
  }

  // --- semaphores

  @Test
  @Origin("anyio test_synchronization.TestSemaphore.test_contextmanager")
  void permitsComeBack() {
    var semaphore = new AsyncSemaphore(2);
    run(() -> {
      TaskGroup.run(group -> {
        for (int i = 0; i < 2; i++) {
          group.spawn(() -> {
            try (var _ = semaphore.acquire()) {
              Async.checkpoint();
            }
          });
        }
      });
      assertThat(semaphore).asString().contains("2 permits");
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestSemaphore.test_acquire_nowait")
  void aPermitIsTakenWithoutWaitingIfThereIsOne() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      assertThat(semaphore.tryAcquire()).isTrue();
      assertThat(semaphore.tryAcquire()).isFalse();
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Origin("anyio test_synchronization.TestSemaphore.test_cancel_during_acquire")
  void aPermitIsNotTakenInACancelledGroup(boolean releaseFirst) {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      TaskGroup.run(group -> {
        semaphore.acquire();
        group.spawn(() -> {
          try (var _ = semaphore.acquire()) {
            results.add("acquired");
          }
        });
        settle();
        group.scope().cancel("enough");
        Async.shield(() -> {
          if (releaseFirst) {
            semaphore.release();
            settle();
          } else {
            settle();
            semaphore.release();
          }
        });
      });
      assertThat(semaphore).asString().contains("1 permits");
    });
    assertThat(results).isEmpty();
  }

  @Test
  @Origin("anyio test_synchronization.TestSemaphore.test_max_value_exceeded")
  void aBoundedSemaphoreIsNotReleasedTooOften() {
    run(() ->
        assertThatThrownBy(AsyncSemaphore.bounded(2)::release)
            .isInstanceOf(IllegalStateException.class));
  }

  @Test
  @Origin("anyio test_synchronization.TestSemaphore.test_acquire_race")
  void aPermitThatIsOnItsWayToATaskIsNotSnatched() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      assertThat(semaphore.tryAcquire()).isTrue();
      var waiter = Async.createTask(() -> semaphore.acquire());
      settle();
      semaphore.release();
      assertThat(semaphore.tryAcquire()).isFalse();
      waiter.await();
    });
  }

  @Test
  @Origin(
      value = "anyio test_synchronization.TestSemaphore.test_cancel_after_release",
      differs = HANDED)
  void aPermitIsNotLostBetweenReleaseAndResumption() {
    var semaphore = AsyncSemaphore.bounded(1);
    run(() -> {
      semaphore.acquire();
      var task =
          Async.createTask(() -> {
            try (var _ = semaphore.acquire()) {
              Async.checkpoint();
            }
          });
      settle();
      semaphore.release();
      task.cancel();
      assertThat(semaphore.tryAcquire()).isFalse();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(semaphore.tryAcquire()).isTrue();
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestSemaphore.test_cancelled_after_acquire")
  void aPermitReleasedAfterItsWaiterWasCancelledIsFree() throws TimeoutException {
    var semaphore = AsyncSemaphore.bounded(1);
    run(() -> {
      semaphore.acquire();
      var task = Async.createTask(() -> semaphore.acquire());
      settle();
      task.cancel();
      semaphore.release();
      assertThat(semaphore).asString().contains("0 waiting");
      Async.timeout(seconds(3), semaphore::acquire);
    });
  }

  @Test
  @Origin("anyio test_synchronization.TestCapacityLimiter.test_limit")
  void noMoreThanTheLimitAreInside() {
    var limiter = AsyncSemaphore.bounded(1);
    run(() ->
        TaskGroup.run(group -> {
          for (int i = 0; i < 10; i++) {
            group.spawn(() -> {
              try (var _ = limiter.acquire()) {
                results.add("in");
                Async.checkpoint();
                results.add("out");
              }
            });
          }
        }));
    for (int i = 0; i < 20; i++) {
      assertThat(results.get(i)).isEqualTo(i % 2 == 0 ? "in" : "out");
    }
  }

  @Test
  @Origin("anyio test_synchronization.TestCapacityLimiter.test_ordered_queue")
  void theLimitersQueueIsInOrder() {
    var limiter = AsyncSemaphore.bounded(1);
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          for (String name : List.of("0", "1", "2")) {
            group.spawn(() -> {
              try (var _ = limiter.acquire()) {
                event.await();
                results.add(name);
              }
            });
            settle();
          }
          event.set();
        }));
    assertThat(results).containsExactly("0", "1", "2");
  }

  @Test
  @Origin("anyio test_synchronization.TestCapacityLimiter.test_acquire_cancelled")
  void theSecondBorrowerIsServedIfTheFirstIsCancelled() throws TimeoutException {
    var limiter = AsyncSemaphore.bounded(1);
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          var first = CancelScope.create();
          try (var _ = limiter.acquire()) {
            group.spawn(() ->
                first.run(() -> {
                  try (var _ = limiter.acquire()) {
                    results.add("first");
                  }
                }));
            group.spawn(() -> {
              try (var _ = limiter.acquire()) {
                event.set();
              }
            });
            settle();
            first.cancel("enough");
          }
          Async.timeout(ms(100), event::await);
        }));
    assertThat(results).isEmpty();
  }
}
