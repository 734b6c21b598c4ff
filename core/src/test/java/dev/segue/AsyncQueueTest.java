package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.conformance.OnLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AsyncQueueTest extends OnLoop {
  private static <T> List<T> drain(AsyncQueue<T> queue) {
    var items = new ArrayList<T>();
    for (var item = queue.poll(); item.isPresent(); item = queue.poll()) {
      items.add(item.get());
    }
    return items;
  }

  private static Task<Integer> taker(AsyncQueue<Integer> queue) {
    return Async.createTask(queue::take);
  }

  private static Task<Void> putter(AsyncQueue<Integer> queue, int item) {
    return Async.createTask(() -> queue.put(item));
  }

  // --- order

  @Test
  void fifoGivesItemsInTheOrderInWhichTheyWerePut() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(9);
    run(() -> {
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(drain(queue)).containsExactly(1, 3, 2);
    });
  }

  @Test
  void lifoGivesTheLastItemFirst() {
    AsyncQueue<Integer> queue = AsyncQueue.lifo(9);
    run(() -> {
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(drain(queue)).containsExactly(2, 3, 1);
    });
  }

  @Test
  void priorityGivesTheLeastItemFirst() {
    AsyncQueue<Integer> queue = AsyncQueue.priority(9, Comparator.reverseOrder());
    run(() -> {
      List.of(1, 3, 2).forEach(queue::put);
      assertThat(drain(queue)).containsExactly(3, 2, 1);
    });
  }

  @Test
  void anItemGoesToTheTaskThatHasWaitedLongestWhateverTheOrderOfTheQueue() {
    AsyncQueue<Integer> queue = AsyncQueue.priority(9, Comparator.naturalOrder());
    run(() -> {
      var first = taker(queue);
      var second = taker(queue);
      settle();
      queue.put(5);
      queue.put(1);
      assertThat(first.await()).isEqualTo(5);
      assertThat(second.await()).isEqualTo(1);
    });
  }

  // --- room

  @Test
  void putAndTakeDoNotLetOthersRunIfTheyNeedNotWait() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() ->
        Async.uninterleaved(() -> {
          queue.put(1);
          assertThat(queue.take()).isEqualTo(1);
        }));
  }

  @Test
  void putWaitsForRoom() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(2);
    run(() -> {
      var putters = List.of(putter(queue, 1), putter(queue, 2), putter(queue, 3), putter(queue, 4));
      settle();
      assertThat(putters).extracting(Task::isDone).containsExactly(true, true, false, false);
      assertThat(queue.take()).isEqualTo(1);
      settle();
      assertThat(putters).extracting(Task::isDone).containsExactly(true, true, true, false);
      assertThat(drain(queue)).containsExactly(2, 3, 4);
      putters.forEach(Task::await);
    });
  }

  @Test
  void aNewcomerDoesNotOvertakeATaskThatWaitsToPut() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      var waiting = putter(queue, 2);
      settle();
      assertThat(queue.take()).isEqualTo(1);
      assertThat(queue.offer(3)).isFalse();
      assertThat(queue.take()).isEqualTo(2);
      waiting.await();
    });
  }

  @Test
  void aNewcomerDoesNotOvertakeATaskThatWaitsToTake() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      var waiting = taker(queue);
      settle();
      queue.put(1);
      assertThat(queue.poll()).isEmpty();
      assertThat(queue.size()).isZero();
      assertThat(waiting.await()).isEqualTo(1);
    });
  }

  @Test
  void offerAndPollDoNotWait() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      assertThat(queue.poll()).isEmpty();
      assertThat(queue.offer(1)).isTrue();
      assertThat(queue.offer(2)).isFalse();
      assertThat(queue.poll()).contains(1);
    });
  }

  @Test
  void aCapacityOfLessThanOneIsRefused() {
    assertThatThrownBy(() -> AsyncQueue.fifo(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity must be at least 1, and is 0")
        .hasMessageContaining("Integer.MAX_VALUE");
    assertThatThrownBy(() -> AsyncQueue.lifo(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AsyncQueue.<Integer>priority(0, Comparator.naturalOrder()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutABoundItTakesWhatItIsGiven() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(Integer.MAX_VALUE);
    run(() -> {
      for (int i = 0; i < 100_000; i++) {
        queue.put(i);
      }
      assertThat(queue.size()).isEqualTo(100_000);
    });
  }

  // --- cancelling

  @Test
  void aTakerThatIsCancelledTakesNoItemWithIt() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(9);
    run(() -> {
      var first = taker(queue);
      var second = taker(queue);
      settle();
      first.cancel();
      queue.put(1);
      assertThat(second.await()).isEqualTo(1);
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aTakerThatIsCancelledAfterThePutInTheSameTurnHasTheItem() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(9);
    run(() -> {
      var taker = taker(queue);
      settle();
      queue.put(1);
      taker.cancel();
      assertThat(taker.await()).isEqualTo(1);
    });
  }

  @Test
  void aPutterThatIsCancelledHasNotPut() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      var first = putter(queue, 2);
      var second = putter(queue, 3);
      settle();
      first.cancel();
      assertThat(drain(queue)).containsExactly(1, 3);
      second.await();
      assertThat(first.outcome()).isInstanceOf(Outcome.Cancellation.class);
    });
  }

  @Test
  void aPutterThatIsCancelledAfterTheTakeInTheSameTurnHasPut() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      var putter = putter(queue, 2);
      settle();
      queue.take();
      putter.cancel();
      putter.await();
      assertThat(queue.take()).isEqualTo(2);
    });
  }

  @Test
  void aJoinThatIsCancelledEnds() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      assertThatThrownBy(() -> Async.timeout(seconds(1), queue::join))
          .isInstanceOf(TimeoutException.class);
    });
  }

  @Test
  void inACancelledScopeNothingIsPutOrTakenOrJoined() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(2);
    run(() -> {
      var scope = CancelScope.create();
      scope.run(() -> {
        queue.put(1);
        scope.cancel("enough");
        assertThatThrownBy(() -> queue.put(2)).isInstanceOf(Cancelled.class);
        assertThatThrownBy(queue::take).isInstanceOf(Cancelled.class);
        assertThatThrownBy(queue::join).isInstanceOf(Cancelled.class);
      });
      assertThat(drain(queue)).containsExactly(1);
    });
  }

  @Test
  void itemsAndCancelsFromAnotherThreadLoseNothing() throws Exception {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    try (var started = EventLoop.builder().start()) {
      for (int i = 0; i < 500; i++) {
        int item = i;
        var taker = started.submit(queue::take);
        var putter = started.submit(() -> queue.put(item));
        taker.cancel();
        putter.get();
        int left = started.submit(() -> queue.size()).get();
        boolean taken = !taker.isCancelled() && taker.get() == item;
        assertThat(left).isEqualTo(taken ? 0 : 1);
        started.submit(queue::poll).get();
      }
    }
  }

  // --- join

  @Test
  void joinWaitsUntilEveryItemIsDone() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(9);
    run(() -> {
      queue.put(1);
      queue.put(2);
      var join = Async.createTask(queue::join);
      queue.take();
      queue.take();
      queue.taskDone();
      settle();
      assertThat(join.isDone()).isFalse();
      queue.taskDone();
      join.await();
      queue.join();
    });
  }

  @Test
  void anItemThatWaitsForRoomCountsOnceItIsIn() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      var putter = putter(queue, 2);
      settle();
      queue.take();
      queue.taskDone();
      putter.await();
      var join = Async.createTask(queue::join);
      settle();
      assertThat(join.isDone()).isFalse();
      queue.take();
      queue.taskDone();
      join.await();
    });
  }

  @Test
  void taskDoneOnceTooOftenIsAnError() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() ->
        assertThatThrownBy(queue::taskDone)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("AsyncQueue.taskDone was called more often than"));
  }

  // --- shutting down

  @Test
  void shutdownFailsThoseWhoWaitInTheirOwnCalls() {
    AsyncQueue<Integer> empty = AsyncQueue.fifo(1);
    AsyncQueue<Integer> full = AsyncQueue.fifo(1);
    run(() -> {
      full.put(1);
      var taker = taker(empty);
      var putter = putter(full, 2);
      settle();
      empty.shutdown();
      full.shutdown();
      assertThatThrownBy(taker::await).hasCauseInstanceOf(AsyncQueue.ShutDownException.class);
      assertThatThrownBy(putter::await).hasCauseInstanceOf(AsyncQueue.ShutDownException.class);
      assertThat(full.take()).isEqualTo(1);
      assertThatThrownBy(full::take).isInstanceOf(AsyncQueue.ShutDownException.class);
    });
  }

  @Test
  void anItemHandedOverBeforeTheShutdownInTheSameTurnIsTheTakers() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      var taker = taker(queue);
      settle();
      queue.put(1);
      queue.shutdownNow();
      assertThat(taker.await()).isEqualTo(1);
    });
  }

  @Test
  void shutdownMayBeRepeatedAndFollowedByShutdownNow() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      queue.shutdown();
      queue.shutdown();
      queue.shutdownNow();
      assertThat(queue.size()).isZero();
      queue.join();
    });
  }

  // --- the rest

  @Test
  void nullIsRefused() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      assertThatThrownBy(() -> queue.put(null)).hasMessage("item must not be null");
      assertThatThrownBy(() -> queue.offer(null)).hasMessage("item must not be null");
    });
    assertThatThrownBy(() -> AsyncQueue.priority(1, null)).hasMessage("order must not be null");
  }

  @Test
  void itMayBeFilledBeforeTheLoopRuns() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    queue.offer(1);
    run(() -> assertThat(queue.take()).isEqualTo(1));
  }

  @Test
  void toStringSaysHowFullItIsAndWhoWaits() {
    AsyncQueue<Integer> queue = AsyncQueue.fifo(1);
    run(() -> {
      queue.put(1);
      var putter = putter(queue, 2);
      settle();
      assertThat(queue).hasToString("queue (1 of 1 items, 0 waiting to take, 1 to put)");
      queue.shutdownNow();
      assertThat(queue).hasToString("queue (0 of 1 items, 0 waiting to take, 0 to put, shut down)");
      putter.outcome();
      assertThat(AsyncQueue.fifo(Integer.MAX_VALUE))
          .hasToString("queue (0 items, 0 waiting to take, 0 to put)");
    });
  }

  // --- a comparator that throws

  private static final Integer BAD = -1;

  /** Natural order, and an exception for {@link #BAD}. */
  private static int failingOrder(Integer a, Integer b) {
    if (a.equals(BAD) || b.equals(BAD)) {
      throw new IllegalArgumentException("cannot be compared");
    }
    return a.compareTo(b);
  }

  private static void assertRefused(Task<?> putter) {
    assertThat(putter.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failure.class,
            failure -> assertThat(failure.cause()).hasMessage("cannot be compared"));
  }

  @Test
  void aTaskThatWaitsForRoomGetsTheErrorOfItsItemAndTheTakerItsItem() {
    AsyncQueue<Integer> queue = AsyncQueue.priority(2, AsyncQueueTest::failingOrder);
    run(() -> {
      queue.put(1);
      queue.put(2);
      var bad = putter(queue, BAD);
      var good = putter(queue, 3);
      settle();
      assertThat(queue.take()).isEqualTo(1);
      assertRefused(bad);
      good.await();
      assertThat(drain(queue)).containsExactly(2, 3);
      for (int taken = 0; taken < 3; taken++) {
        queue.taskDone();
      }
      queue.join(); // what was refused is not waited for
    });
  }

  @Test
  void theFirstItemIsComparedToo() {
    AsyncQueue<Integer> queue = AsyncQueue.priority(9, AsyncQueueTest::failingOrder);
    run(() -> {
      assertThatThrownBy(() -> queue.put(BAD)).hasMessage("cannot be compared");
      queue.put(1);
      assertThat(drain(queue)).containsExactly(1);
    });
  }

  @Test
  void aComparatorThatThrowsLosesNoItem() {
    var callsLeft = new int[1];
    AsyncQueue<Integer> queue =
        AsyncQueue.priority(
            Integer.MAX_VALUE,
            (a, b) -> {
              if (--callsLeft[0] == 0) {
                throw new IllegalArgumentException("cannot be compared");
              }
              return a.compareTo(b);
            });
    run(() -> {
      for (int item = 100; item > 0; item--) {
        callsLeft[0] = 0;
        queue.put(item);
        callsLeft[0] = item > 90 ? 1 : 1 + item % 3;
        assertThatThrownBy(() -> queue.put(0)).hasMessage("cannot be compared");
      }
      assertThat(drain(queue)).isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
    });
  }

  @Test
  void equalItemsComeInTheOrderInWhichTheyWerePut() {
    AsyncQueue<String> queue = AsyncQueue.priority(9, Comparator.comparing(String::length));
    run(() -> {
      List.of("bb", "c", "aa", "a", "cc").forEach(queue::put);
      assertThat(drain(queue)).containsExactly("c", "a", "bb", "aa", "cc");
    });
  }

  @Test
  void aComparatorThatUsesItsQueueIsAnError() {
    var queues = new ArrayList<AsyncQueue<Integer>>();
    queues.add(
        AsyncQueue.priority(
            9,
            (a, b) -> {
              queues.getFirst().poll();
              return a.compareTo(b);
            }));
    run(() ->
        assertThatThrownBy(() -> queues.getFirst().put(1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("it must do neither"));
  }
}
