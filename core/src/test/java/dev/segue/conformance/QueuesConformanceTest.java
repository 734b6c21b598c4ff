package dev.segue.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.AsyncQueue;
import dev.segue.Outcome;
import dev.segue.Task;
import dev.segue.TaskGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Queues, beside {@code test_queues}. */
class QueuesConformanceTest extends OnLoop {
  private static final int UNBOUNDED = Integer.MAX_VALUE;
  private static final String DIRECT =
      "asyncio passes the item on, or leaves it in the queue, when its taker is cancelled after the put;"
          + " Segue's taker has the item, and its next wait throws";

  private static AsyncQueue<Integer> fifo(int capacity) {
    return AsyncQueue.fifo(capacity);
  }

  private static Task<Integer> taking(AsyncQueue<Integer> queue) {
    return Async.createTask(queue::take);
  }

  private static Task<Void> putting(AsyncQueue<Integer> queue, int item) {
    return Async.createTask(() -> queue.put(item));
  }

  // --- basics

  @Test
  @Origin("CPython 3.14 test_queues.QueueBasicTests.test_str")
  void itsTextSaysHowFullItIsAndWhoWaits() {
    run(() -> {
      var empty = fifo(1);
      var taker = taking(empty);
      settle();
      assertThat(empty).asString().contains("1 waiting to take");
      empty.put(0);
      assertThat(taker.await()).isZero();
      var full = fifo(1);
      full.put(1);
      var putter = putting(full, 2);
      settle();
      assertThat(full).asString().contains("1 of 1 items").contains("1 to put");
      full.take();
      putter.await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueBasicTests.test_empty")
  void itIsEmptyUntilSomethingIsPut() {
    run(() -> {
      var queue = fifo(UNBOUNDED);
      assertThat(queue.size()).isZero();
      queue.put(1);
      assertThat(queue.size()).isEqualTo(1);
      assertThat(queue.take()).isEqualTo(1);
      assertThat(queue.size()).isZero();
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueueBasicTests.test_full",
      differs = "in asyncio a capacity of zero means no bound; Segue refuses it")
  void itIsFullAtItsCapacity() {
    run(() -> {
      var queue = fifo(1);
      queue.put(1);
      assertThat(queue.offer(2)).isFalse();
    });
    assertThatThrownBy(() -> fifo(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueBasicTests.test_order")
  void itemsComeInTheOrderInWhichTheyWerePut() {
    run(() -> {
      var queue = fifo(UNBOUNDED);
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly(1, 3, 2);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueBasicTests.test_maxsize")
  void aPutterWaitsAtTheCapacity() {
    var put = new ArrayList<Integer>();
    run(() -> {
      var queue = fifo(2);
      var putter =
          Async.createTask(() -> {
            for (int i = 0; i < 3; i++) {
              queue.put(i);
              put.add(i);
            }
          });
      settle();
      assertThat(put).containsExactly(0, 1);
      assertThat(queue.take()).isZero();
      settle();
      assertThat(put).containsExactly(0, 1, 2);
      assertThat(List.of(queue.take(), queue.take())).containsExactly(1, 2);
      putter.await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.LifoQueueTests.test_order")
  void aLifoQueueGivesTheLastFirst() {
    run(() -> {
      AsyncQueue<Integer> queue = AsyncQueue.lifo(UNBOUNDED);
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly(2, 3, 1);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.PriorityQueueTests.test_order")
  void aPriorityQueueGivesTheLeastFirst() {
    run(() -> {
      AsyncQueue<Integer> queue = AsyncQueue.priority(UNBOUNDED, Comparator.naturalOrder());
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(List.of(queue.take(), queue.take(), queue.take())).containsExactly(1, 2, 3);
    });
  }

  // --- taking

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_blocking_get")
  void anItemThatIsThereIsTakenAtOnce() {
    var queue = fifo(1);
    queue.offer(1);
    run(() -> assertThat(queue.take()).isEqualTo(1));
    assertThat(jumps).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_get_with_putters")
  void takingMakesRoomForWhoWaitsToPut() {
    run(() -> {
      var queue = fifo(1);
      queue.put(1);
      var putter = putting(queue, 2);
      settle();
      assertThat(queue.take()).isEqualTo(1);
      putter.await();
      assertThat(queue.size()).isEqualTo(1);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_blocking_get_wait")
  void takeWaitsForAnItem() {
    run(() -> {
      var queue = fifo(1);
      var started = new AsyncEvent();
      var taker =
          Async.createTask(() -> {
            started.set();
            return queue.take();
          });
      started.await();
      assertThat(taker.isDone()).isFalse();
      Async.sleep(ms(10));
      queue.put(1);
      assertThat(taker.await()).isEqualTo(1);
    });
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_nonblocking_get")
  void pollTakesWhatIsThere() {
    var queue = fifo(1);
    queue.offer(1);
    assertThat(queue.poll()).contains(1);
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueueGetTests.test_nonblocking_get_exception",
      differs = "asyncio raises QueueEmpty; Segue returns an empty Optional")
  void pollOfAnEmptyQueueIsEmpty() {
    assertThat(fifo(1).poll()).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_get_cancelled_race")
  void anItemPassesByATakerThatWasCancelled() {
    run(() -> {
      var queue = fifo(1);
      var first = taking(queue);
      var second = taking(queue);
      settle();
      first.cancel();
      first.outcome();
      queue.put(1);
      assertThat(second.await()).isEqualTo(1);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_get_with_waiting_putters")
  void whatPuttersWaitToPutIsTakenInOrder() {
    run(() -> {
      var queue = fifo(1);
      putting(queue, 1);
      putting(queue, 2);
      assertThat(List.of(queue.take(), queue.take())).containsExactly(1, 2);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueueGetTests.test_why_are_getters_waiting")
  void aProducerAndAConsumerKeepEachOtherGoing() {
    var queue = fifo(1);
    var taken = new ArrayList<Integer>();
    run(() ->
        TaskGroup.run(group -> {
          group.spawn(() -> {
            for (int i = 0; i < 5; i++) {
              queue.put(i);
            }
          });
          group.spawn(() -> {
            for (int i = 0; i < 5; i++) {
              taken.add(queue.take());
            }
          });
        }));
    assertThat(taken).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  @Origin(
      "CPython 3.14 test_queues.QueueGetTests.test_cancelled_getters_not_being_held_in_self_getters")
  void aTakerWhoseTimeIsUpWaitsNoLonger() {
    var queue = fifo(5);
    run(() ->
        assertThatThrownBy(() -> Async.timeout(ms(100), queue::take))
            .isInstanceOf(TimeoutException.class));
    assertThat(queue).asString().contains("0 waiting to take");
  }

  // --- putting

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_blocking_put")
  void putDoesNotWaitIfThereIsRoom() {
    run(() -> {
      var queue = fifo(UNBOUNDED);
      queue.put(1);
      assertThat(queue.take()).isEqualTo(1);
    });
    assertThat(jumps).isEmpty();
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_blocking_put_wait")
  void putWaitsForRoom() {
    run(() -> {
      var queue = fifo(1);
      var putter =
          Async.createTask(() -> {
            queue.put(1);
            queue.put(2);
          });
      Async.sleep(ms(10));
      assertThat(putter.isDone()).isFalse();
      queue.poll();
      putter.await();
    });
    assertThat(clock.elapsed()).isEqualTo(ms(10));
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueuePutTests.test_get_cancel_drop_one_pending_reader",
      differs = DIRECT)
  void noItemIsLostIfItsTakerIsCancelled() {
    run(() -> {
      var queue = fifo(2);
      var taker = taking(queue);
      settle();
      queue.put(1);
      queue.put(2);
      taker.cancel();
      assertThat(taker.await()).isEqualTo(1);
      assertThat(queue.take()).isEqualTo(2);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueuePutTests.test_get_cancel_drop_many_pending_readers",
      differs = DIRECT)
  void noItemIsLostIfOneOfItsTakersIsCancelled() {
    run(() -> {
      var queue = fifo(2);
      var takers = List.of(taking(queue), taking(queue), taking(queue));
      settle();
      takers.get(0).cancel();
      queue.put(1);
      queue.put(2);
      assertThat(takers.get(0).outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(takers.get(1).await()).isEqualTo(1);
      assertThat(takers.get(2).await()).isEqualTo(2);
    });
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueuePutTests.test_put_cancel_drop",
      differs =
          "asyncio's putter is cancelled although there is room by then; Segue's has put, and its next"
              + " wait throws")
  void aPutterThatIsCancelledOnceItHasRoomHasPut() {
    run(() -> {
      var queue = fifo(1);
      queue.put(1);
      var putter = putting(queue, 2);
      settle();
      assertThat(queue.poll()).contains(1);
      putter.cancel();
      putter.await();
      assertThat(queue.poll()).contains(2);
      assertThat(queue.size()).isZero();
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_nonblocking_put")
  void offerPutsIfThereIsRoom() {
    var queue = fifo(1);
    assertThat(queue.offer(1)).isTrue();
    assertThat(queue.poll()).contains(1);
  }

  @Test
  @Origin(
      value = "CPython 3.14 test_queues.QueuePutTests.test_nonblocking_put_exception",
      differs = "asyncio raises QueueFull; Segue returns false")
  void offerToAFullQueueIsFalse() {
    var queue = fifo(1);
    queue.offer(1);
    assertThat(queue.offer(2)).isFalse();
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_put_cancelled")
  void aPutThatHasEndedIsDone() {
    run(() -> {
      var queue = fifo(1);
      var putter = putting(queue, 1);
      assertThat(queue.take()).isEqualTo(1);
      putter.await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_put_cancelled_race")
  void theItemOfAPutterThatWasCancelledNeverComes() {
    run(() -> {
      var queue = fifo(1);
      var a = putting(queue, 1);
      var b = putting(queue, 2);
      var x = putting(queue, 9);
      settle();
      x.cancel();
      x.outcome();
      assertThat(queue.poll()).contains(1);
      assertThat(queue.poll()).contains(2);
      assertThat(queue.poll()).isEmpty();
      a.await();
      b.await();
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_put_with_waiting_getters")
  void whatIsPutGoesToWhoWaits() {
    run(() -> {
      var queue = fifo(1);
      var taker = taking(queue);
      settle();
      queue.put(1);
      assertThat(taker.await()).isEqualTo(1);
    });
  }

  @Test
  @Origin("CPython 3.14 test_queues.QueuePutTests.test_why_are_putters_waiting")
  void puttersGoOnAsRoomIsMade() {
    var queue = fifo(2);
    run(() ->
        TaskGroup.run(group -> {
          for (int i = 0; i < 4; i++) {
            int item = i;
            group.spawn(() -> queue.put(item));
          }
          settle();
          queue.poll();
          queue.poll();
        }));
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  @Origin(
      "CPython 3.14 test_queues.QueuePutTests.test_cancelled_puts_not_being_held_in_self_putters")
  void aPutterThatIsCancelledWaitsNoLonger() {
    run(() -> {
      var queue = fifo(1);
      queue.put(1);
      var putter = putting(queue, 1);
      settle();
      assertThat(queue).asString().contains("1 to put");
      putter.cancel();
      assertThat(putter.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(queue).asString().contains("0 to put");
    });
  }

  // --- joining and shutting down: of all three kinds

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.argumentSet("fifo", (Supplier<AsyncQueue<String>>) () -> AsyncQueue.fifo(100)),
        Arguments.argumentSet("lifo", (Supplier<AsyncQueue<String>>) () -> AsyncQueue.lifo(100)),
        Arguments.argumentSet(
            "priority",
            (Supplier<AsyncQueue<String>>)
                () -> AsyncQueue.priority(100, Comparator.naturalOrder())));
  }

  private static void assertShutDown(Action<Exception> call) {
    assertThatThrownBy(call::run).isInstanceOf(AsyncQueue.ShutDownException.class);
  }

  private static void assertAllShutDown(AsyncQueue<String> queue) {
    assertShutDown(() -> queue.put("data"));
    assertShutDown(() -> queue.offer("data"));
    assertShutDown(queue::take);
    assertShutDown(queue::poll);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueJoinTests.test_task_done_underflow")
  void taskDoneOnceTooOftenIsRefused(Supplier<AsyncQueue<String>> kind) {
    assertThatThrownBy(() -> kind.get().taskDone()).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueJoinTests.test_task_done")
  void joinWaitsForTheWorkersToFinish(Supplier<AsyncQueue<String>> kind) {
    var queue = kind.get();
    var done = new ArrayList<String>();
    for (int i = 0; i < 100; i++) {
      queue.offer("item " + i);
    }
    run(() -> {
      Action<Exception> worker =
          () -> {
            while (true) {
              var item = queue.take();
              Async.checkpoint();
              done.add(item);
              queue.taskDone();
            }
          };
      Async.createTask(worker);
      Async.createTask(worker);
      queue.join();
      assertThat(done).hasSize(100).doesNotHaveDuplicates();
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueJoinTests.test_join_empty_queue")
  void joinOfAnEmptyQueueReturnsAtOnce(Supplier<AsyncQueue<String>> kind) {
    run(() -> {
      var queue = kind.get();
      queue.join();
      queue.join();
    });
    assertThat(jumps).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueShutdownTests.test_format")
  void itsTextSaysThatItIsShutDown(Supplier<AsyncQueue<String>> kind) {
    var queue = kind.get();
    queue.shutdown();
    assertThat(queue).asString().endsWith(", shut down)");
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueShutdownTests.test_shutdown_empty")
  void shutdownOfAnEmptyQueue(Supplier<AsyncQueue<String>> kind) {
    run(() -> {
      var queue = kind.get();
      var taker = Async.createTask(queue::take);
      settle();
      queue.shutdown();
      queue.join();
      assertThatThrownBy(taker::await).hasCauseInstanceOf(AsyncQueue.ShutDownException.class);
      assertAllShutDown(queue);
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueShutdownTests.test_shutdown_nonempty")
  void shutdownOfAFullQueue(Supplier<AsyncQueue<String>> kind) {
    run(() -> {
      var queue = kind.get();
      for (int i = 0; i < 100; i++) {
        queue.put("data");
      }
      var join = Async.createTask(queue::join);
      var putter = Async.createTask(() -> queue.put("data2"));
      settle();
      assertThat(putter.isDone()).isFalse();
      queue.shutdown();
      assertThat(queue.size()).isEqualTo(100);
      assertThatThrownBy(putter::await).hasCauseInstanceOf(AsyncQueue.ShutDownException.class);
      for (int i = 0; i < 100; i++) {
        assertThat(queue.take()).isEqualTo("data");
      }
      assertAllShutDown(queue);
      for (int i = 0; i < 100; i++) {
        settle();
        assertThat(join.isDone()).isFalse();
        queue.taskDone();
      }
      join.await();
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueShutdownTests.test_shutdown_immediate")
  void shutdownNowDropsTheItems(Supplier<AsyncQueue<String>> kind) {
    run(() -> {
      var queue = kind.get();
      queue.put("data");
      var join = Async.createTask(queue::join);
      settle();
      queue.shutdownNow();
      assertThat(queue.size()).isZero();
      join.await();
      assertAllShutDown(queue);
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
    });
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Origin("CPython 3.14 test_queues.QueueShutdownTests.test_shutdown_immediate_with_unfinished")
  void joinWaitsForWhatWasTakenBeforeShutdownNow(Supplier<AsyncQueue<String>> kind) {
    run(() -> {
      var queue = kind.get();
      queue.put("data");
      queue.put("data");
      var join = Async.createTask(queue::join);
      assertThat(queue.take()).isEqualTo("data");
      queue.shutdownNow();
      settle();
      assertThat(join.isDone()).isFalse();
      assertAllShutDown(queue);
      queue.taskDone();
      assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
      join.await();
    });
  }
}
