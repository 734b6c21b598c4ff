package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import org.junit.jupiter.api.Test;

/** {@link Async#uninterleaved}: what counts as letting another task run. */
class UninterleavedTest extends OnLoop {
  private static void assertInterleaved(Action<Exception> body) {
    assertThatThrownBy(() -> Async.uninterleaved(body))
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessageContaining("task 'main' waited inside Async.uninterleaved");
  }

  @Test
  void creatingAndCancellingTasksIsNoSwitch() {
    run(() -> {
      var task =
          Async.<String, RuntimeException>uninterleaved(() -> {
            var created = Async.createTask("idle", () -> Async.sleep(seconds(1)));
            created.cancel();
            return created.name();
          });
      assertThat(task).isEqualTo("idle");
    });
  }

  @Test
  void aWaitForATaskThatHasEndedIsNoSwitch() {
    run(() -> {
      var task = Async.createTask(() -> 7);
      task.await();
      int value = Async.uninterleaved(() -> task.await());
      assertThat(value).isEqualTo(7);
    });
  }

  @Test
  void primitivesThatNeedNotWaitAreNoSwitch() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    var event = new AsyncEvent();
    var semaphore = new AsyncSemaphore(1);
    var barrier = new AsyncBarrier(1);
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() ->
        Async.uninterleaved(() -> {
          try (var _ = lock.acquire();
              var _ = semaphore.acquire()) {
            condition.signalAll();
          }
          event.set();
          event.await();
          barrier.await();
          queue.put(1);
          queue.take();
          queue.taskDone();
          queue.join();
        }));
  }

  @Test
  void wakingOthersIsNoSwitch() {
    var event = new AsyncEvent();
    run(() -> {
      var waiter = Async.createTask(() -> event.await());
      settle();
      Async.uninterleaved(event::set);
      assertThat(waiter.isDone()).isFalse();
      waiter.await();
    });
  }

  @Test
  void aContendedLockIsASwitch() {
    var lock = new AsyncLock();
    run(() -> {
      Async.createTask(() -> {
        try (var _ = lock.acquire()) {
          Async.sleep(seconds(1));
        }
      });
      settle();
      assertInterleaved(() -> lock.acquire().close());
    });
  }

  @Test
  void aConditionsAwaitIsASwitch() {
    var lock = new AsyncLock();
    var condition = lock.newCondition();
    run(() -> {
      Async.createTask(() -> {
        try (var _ = lock.acquire()) {
          condition.signal();
        }
      });
      try (var _ = lock.acquire()) {
        assertInterleaved(condition::await);
      }
    });
  }

  @Test
  void aFullOrEmptyQueueIsASwitch() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      Async.createTask(() -> queue.put(1));
      assertInterleaved(queue::take);
      queue.put(2);
      Async.createTask(() -> queue.take());
      assertInterleaved(() -> queue.put(3));
    });
  }

  @Test
  void aWaitIsASwitchAlsoIfNobodyElseCouldRun() {
    run(() -> {
      assertInterleaved(Async::checkpoint);
      assertInterleaved(() -> Async.sleep(seconds(1)));
    });
  }

  @Test
  void workOffTheLoopIsASwitch() {
    run(() -> assertInterleaved(() -> Async.toThread(() -> "work")));
  }

  @Test
  void whatTheBodyThrowsComesFirst() {
    run(() ->
        assertThatThrownBy(() ->
                Async.uninterleaved(() -> {
                  Async.checkpoint();
                  throw new Boom("the body's own");
                }))
            .isInstanceOf(Boom.class));
  }

  @Test
  void aCancelComesFirst() {
    run(() -> {
      var scope = CancelScope.create();
      boolean finished =
          scope.run(() -> {
            scope.cancel("enough");
            Async.uninterleaved(Async::checkpoint);
          });
      assertThat(finished).isFalse();
    });
  }

  @Test
  void itNests() {
    run(() ->
        assertInterleaved(() -> {
          Async.uninterleaved(() -> {});
          Async.checkpoint();
          Async.uninterleaved(() -> {});
        }));
  }
}
