package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncBarrier;
import dev.segue.AsyncCondition;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncQueue;
import dev.segue.AsyncSemaphore;
import dev.segue.CancelScope;
import dev.segue.Cancelled;
import dev.segue.DeadlockException;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Primitives, beside trio's {@code test_sync}. */
class TrioSyncConformanceTest extends OnLoop {
  private static final String NO_CHECKPOINT =
      "in trio an operation that need not wait lets others run all the same; in Segue it only looks"
          + " whether it is cancelled, and goes on, as asyncio's go on";

  private final List<Object> record = new ArrayList<>();

  // --- the generic tests: whatever can serve as a lock

  /** Something that lets one task at a time in. */
  interface LockLike {
    void acquire();

    boolean tryAcquire();

    void release();
  }

  private static LockLike lock() {
    var lock = new AsyncLock();
    return new LockLike() {
      @Override
      public void acquire() {
        lock.acquire();
      }

      @Override
      public boolean tryAcquire() {
        return lock.tryAcquire();
      }

      @Override
      public void release() {
        lock.release();
      }
    };
  }

  private static LockLike semaphore(AsyncSemaphore semaphore) {
    return new LockLike() {
      @Override
      public void acquire() {
        semaphore.acquire();
      }

      @Override
      public boolean tryAcquire() {
        return semaphore.tryAcquire();
      }

      @Override
      public void release() {
        semaphore.release();
      }
    };
  }

  /** A queue for one item: who has put it, is in. */
  private static LockLike fullQueue() {
    AsyncQueue<String> queue = AsyncQueue.fifo(1);
    return new LockLike() {
      @Override
      public void acquire() {
        queue.put("in");
      }

      @Override
      public boolean tryAcquire() {
        return queue.offer("in");
      }

      @Override
      public void release() {
        assertThat(queue.poll()).isPresent();
      }
    };
  }

  /** A queue with one item: who has taken it, is in. */
  private static LockLike emptyQueue() {
    AsyncQueue<String> queue = AsyncQueue.fifo(10);
    queue.offer("free");
    return new LockLike() {
      @Override
      public void acquire() {
        queue.take();
      }

      @Override
      public boolean tryAcquire() {
        return queue.poll().isPresent();
      }

      @Override
      public void release() {
        assertThat(queue.offer("free")).isTrue();
      }
    };
  }

  static Stream<Arguments> locks() {
    return Stream.of(
        Arguments.argumentSet("AsyncLock", lock()),
        Arguments.argumentSet("AsyncSemaphore", semaphore(new AsyncSemaphore(1))),
        Arguments.argumentSet("AsyncSemaphore.bounded", semaphore(AsyncSemaphore.bounded(1))),
        Arguments.argumentSet("AsyncQueue.put", fullQueue()),
        Arguments.argumentSet("AsyncQueue.take", emptyQueue()));
  }

  @ParameterizedTest
  @MethodSource("locks")
  @Origin("trio test_sync.test_generic_lock_exclusion")
  void oneTaskAtATimeIsIn(LockLike lock) {
    var inside = new boolean[1];
    var acquires = new int[1];
    run(() ->
        TaskGroup.run(group -> {
          for (int worker = 0; worker < 5; worker++) {
            group.spawn(() -> {
              for (int i = 0; i < 10; i++) {
                lock.acquire();
                acquires[0]++;
                assertThat(inside[0]).isFalse();
                inside[0] = true;
                Async.checkpoint();
                Async.checkpoint();
                inside[0] = false;
                lock.release();
              }
            });
          }
        }));
    assertThat(acquires[0]).isEqualTo(50);
  }

  @ParameterizedTest
  @MethodSource("locks")
  @Origin(value = "trio test_sync.test_generic_lock_fifo_fairness", differs = NO_CHECKPOINT)
  void tasksGetInInTheOrderInWhichTheyAsked(LockLike lock) {
    run(() ->
        TaskGroup.run(group -> {
          for (int name = 1; name <= 3; name++) {
            int mine = name;
            group.spawn(() -> {
              for (int i = 0; i < 5; i++) {
                lock.acquire();
                record.add(mine);
                Async.checkpoint(); // the others ask meanwhile
                lock.release();
              }
            });
          }
        }));
    for (int i = 0; i < 5; i++) {
      assertThat(record.subList(3 * i, 3 * i + 3)).containsExactly(1, 2, 3);
    }
  }

  @ParameterizedTest
  @MethodSource("locks")
  @Origin("trio test_sync.test_generic_lock_acquire_nowait_blocks_acquire")
  void whatWasTakenWithoutWaitingIsTaken(LockLike lock) {
    run(() -> {
      assertThat(lock.tryAcquire()).isTrue();
      var taker =
          Async.createTask(() -> {
            record.add("started");
            lock.acquire();
            lock.release();
            record.add("finished");
          });
      settle();
      assertThat(record).containsExactly("started");
      lock.release();
      taker.await();
    });
  }

  @ParameterizedTest
  @MethodSource("locks")
  @Origin("trio test_sync.test_Semaphore")
  void aNewcomerDoesNotGetInBeforeTheOneItIsHandedTo(LockLike lock) {
    run(() -> {
      lock.acquire();
      var waiter =
          Async.createTask(() -> {
            lock.acquire();
            lock.release();
          });
      settle();
      lock.release();
      assertThat(lock.tryAcquire()).isFalse();
      waiter.await();
    });
  }

  // --- every wait is a cancellation point

  static Stream<Arguments> waits() {
    var event = new AsyncEvent();
    event.set();
    AsyncQueue<String> full = AsyncQueue.fifo(1);
    full.offer("a");
    AsyncQueue<String> empty = AsyncQueue.fifo(1);
    AsyncQueue<String> idle = AsyncQueue.fifo(1);
    Action<RuntimeException> acquire = () -> new AsyncLock().acquire();
    Action<RuntimeException> take = full::take;
    Action<RuntimeException> permit = () -> new AsyncSemaphore(1).acquire();
    Action<RuntimeException> arrive = () -> new AsyncBarrier(1).await();
    Action<RuntimeException> put = () -> empty.put("b");
    Action<RuntimeException> see = event::await;
    Action<RuntimeException> join = idle::join;
    return Stream.of(
        Arguments.argumentSet("AsyncLock.acquire", acquire),
        Arguments.argumentSet("AsyncEvent.await", see),
        Arguments.argumentSet("AsyncSemaphore.acquire", permit),
        Arguments.argumentSet("AsyncBarrier.await", arrive),
        Arguments.argumentSet("AsyncQueue.put", put),
        Arguments.argumentSet("AsyncQueue.take", take),
        Arguments.argumentSet("AsyncQueue.join", join));
  }

  @ParameterizedTest
  @MethodSource("waits")
  @Origin(value = "trio test_sync.test_Event", differs = NO_CHECKPOINT)
  void whatNeedNotWaitThrowsAllTheSameIfItIsCancelled(Action<RuntimeException> wait) {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("enough");
            wait.run();
          });
      assertThat(finished).isFalse();
    });
  }

  // --- events

  @Test
  @Origin("trio test_sync.test_Event")
  void anEventWakesAllWhoSleep() {
    var event = new AsyncEvent();
    run(() ->
        TaskGroup.run(group -> {
          for (int i = 0; i < 2; i++) {
            group.spawn(() -> {
              record.add("sleeping");
              event.await();
              record.add("woken");
            });
          }
          settle();
          assertThat(record).containsExactly("sleeping", "sleeping");
          assertThat(event).asString().contains("2 waiting");
          event.set();
          settle();
          assertThat(record).containsExactly("sleeping", "sleeping", "woken", "woken");
        }));
  }

  // --- semaphores

  @Test
  @Origin("trio test_sync.test_Semaphore")
  void aSemaphoreCountsItsPermits() {
    var semaphore = new AsyncSemaphore(1);
    run(() -> {
      semaphore.release();
      assertThat(semaphore).asString().contains("2 permits");
      assertThat(semaphore.tryAcquire()).isTrue();
      semaphore.acquire();
      assertThat(semaphore.tryAcquire()).isFalse();
      semaphore.release();
      try (var _ = semaphore.acquire()) {
        assertThat(semaphore).asString().contains("0 permits");
      }
      assertThat(semaphore).asString().contains("1 permits");
    });
  }

  @Test
  @Origin("trio test_sync.test_Semaphore_bounded")
  void aBoundedSemaphoreIsNotReleasedTooOften() {
    var semaphore = AsyncSemaphore.bounded(1);
    run(() -> {
      assertThatThrownBy(semaphore::release).isInstanceOf(IllegalStateException.class);
      assertThat(semaphore.tryAcquire()).isTrue();
      semaphore.release();
      assertThat(semaphore).asString().contains("1 of 1 permits");
    });
  }

  @Test
  @Origin(
      value = "trio test_sync.test_CapacityLimiter",
      differs =
          "trio's limiter knows its borrowers and lends to each once; Segue's bounded semaphore counts")
  void aBoundedSemaphoreLimits() {
    var limiter = AsyncSemaphore.bounded(2);
    run(() -> {
      assertThat(limiter.tryAcquire()).isTrue();
      try (var _ = limiter.acquire()) {
        assertThat(limiter.tryAcquire()).isFalse();
        var waiter = Async.createTask(() -> limiter.acquire().close());
        settle();
        assertThat(limiter).hasToString("semaphore (0 of 2 permits, 1 waiting)");
        limiter.release();
        assertThat(limiter.tryAcquire()).isFalse();
        waiter.await();
      }
      assertThat(limiter).hasToString("semaphore (2 of 2 permits, 0 waiting)");
    });
  }

  @Test
  @Origin("trio test_sync.test_CapacityLimiter_memleak_548")
  void aWaitThatWasCancelledLeavesNothingBehind() {
    var limiter = AsyncSemaphore.bounded(1);
    run(() -> {
      limiter.acquire();
      for (int i = 0; i < 10; i++) {
        assertThat(CancelScope.within(ms(1)).run(limiter::acquire)).isFalse();
      }
      assertThat(limiter).asString().contains("0 waiting");
    });
  }

  // --- locks

  @Test
  @Origin("trio test_sync.test_Lock_and_StrictFIFOLock")
  void onlyTheHolderReleasesALock() {
    var lock = new AsyncLock();
    run(() -> {
      assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class);
      var scope = CancelScope.create();
      scope.run(() ->
          TaskGroup.run(group -> {
            for (String name : List.of("holder", "next")) {
              group.spawn(
                  name,
                  () -> {
                    try (var _ = lock.acquire()) {
                      Async.sleep(seconds(1_000));
                    }
                  });
              settle();
            }
            assertThat(lock.tryAcquire()).isFalse();
            assertThatThrownBy(lock::release).isInstanceOf(IllegalStateException.class);
            assertThat(lock).asString().contains("held by task 'holder', 1 waiting");
            scope.cancel("enough");
          }));
      assertThat(lock).asString().contains("free");
    });
  }

  @Test
  @Origin(
      value = "trio test_sync.test_Lock_and_StrictFIFOLock",
      differs = "trio's acquire_nowait by the holder is an error too; Segue's tryAcquire is false")
  void acquiringALockTwiceIsAnError() {
    var lock = new AsyncLock();
    run(() -> {
      try (var _ = lock.acquire()) {
        assertThatThrownBy(lock::acquire).isInstanceOf(DeadlockException.class);
        assertThat(lock.tryAcquire()).isFalse();
      }
    });
  }

  @Test
  @Origin(
      value = "trio test_sync.test_lock_acquire_unowned_lock",
      differs = "Segue also reports it to the exception handler, when the owner ends")
  void acquiringALockWhoseOwnerHasEndedIsAnErrorThatNamesTheOwner() {
    var lock = new AsyncLock();
    run(() -> {
      Async.createTask("owner", () -> lock.acquire()).outcome();
      assertThatThrownBy(lock::acquire)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("task 'owner' ended while it held lock-");
    });
    assertThat(unobserved).hasSize(1);
    unobserved.clear();
  }

  @Test
  @Origin("trio test_sync.test_lock_multiple_acquire")
  void waitingForALockWhoseOwnerEndsIsAnError() {
    var lock = new AsyncLock();
    run(() ->
        assertThatThrownBy(() ->
                TaskGroup.run(group -> {
                  group.spawn("owner", () -> lock.acquire());
                  group.spawn("waiter", () -> lock.acquire());
                }))
            .cause()
            .hasMessageContaining("task 'owner' ended while it held lock-"));
    unobserved.clear();
  }

  @Test
  @Origin("trio test_sync.test_lock_handover")
  void whoIsHandedALockIsItsOwnerAndAnswersForIt() {
    var lock = new AsyncLock();
    run(() -> {
      lock.acquire();
      var heir = Async.createTask("heir", () -> lock.acquire());
      settle();
      lock.release();
      assertThat(lock).asString().contains("held by task 'heir'");
      heir.outcome();
      assertThatThrownBy(lock::acquire).hasMessageContaining("task 'heir' ended while it held");
    });
    unobserved.clear();
  }

  // --- conditions

  @Test
  @Origin("trio test_sync.test_Condition")
  void aConditionIsUsedWithItsLock() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      assertThatThrownBy(condition::await).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(condition::signal).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(condition::signalAll).isInstanceOf(IllegalStateException.class);
    });
  }

  private List<Task<Void>> waiters(AsyncLock lock, AsyncCondition condition) {
    var tasks = new ArrayList<Task<Void>>();
    for (int i = 0; i < 3; i++) {
      int name = i;
      tasks.add(
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
            }
            record.add(name);
          }));
    }
    settle();
    return tasks;
  }

  @Test
  @Origin("trio test_sync.test_Condition")
  void aSignalWakesOneTaskAndSignalAllTheRest() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks = waiters(lock, condition);
      try (var _ = lock.acquire()) {
        condition.signal();
      }
      settle();
      assertThat(record).containsExactly(0);
      try (var _ = lock.acquire()) {
        condition.signalAll();
      }
      tasks.forEach(Task::await);
      assertThat(record).containsExactly(0, 1, 2);
    });
  }

  @Test
  @Origin("trio test_sync.test_Condition")
  void twoSignalsWakeTwoTasks() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var tasks = waiters(lock, condition);
      try (var _ = lock.acquire()) {
        condition.signal();
        condition.signal();
        assertThat(condition).asString().contains("condition (1 waiting)");
      }
      settle();
      assertThat(record).containsExactly(0, 1);
      tasks.getLast().cancel();
    });
  }

  @Test
  @Origin("trio test_sync.test_Condition")
  void afterACancelTheLockIsStillHeld() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
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
  @Origin("trio test_sync.test_Condition")
  void aCancelWhileOthersHaveTheLockWaitsForIt() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      var waiter =
          Async.createTask(() -> {
            try (var _ = lock.acquire()) {
              condition.await();
            }
          });
      settle();
      try (var _ = lock.acquire()) {
        waiter.cancel();
        settle();
        assertThat(waiter.isDone()).isFalse();
      }
      assertThat(waiter.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }
}
