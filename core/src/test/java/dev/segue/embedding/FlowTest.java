package dev.segue.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.AsyncQueue;
import dev.segue.Cancelled;
import dev.segue.EventLoop;
import dev.segue.ManualClock;
import dev.segue.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bridges between tasks and {@link Flow}. */
@Timeout(60)
class FlowTest {
  /** A publisher whose signals the test sends; it notes what it is asked. */
  private static final class ByHand implements Flow.Publisher<String>, Flow.Subscription {
    private final List<Object> asked = new ArrayList<>();
    private Flow.Subscriber<? super String> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      asked.add(n);
    }

    @Override
    public void cancel() {
      asked.add("cancel");
    }
  }

  /** A subscriber that notes its signals, and asks for nothing by itself. */
  private static class Noting implements Flow.Subscriber<Integer> {
    final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      signals.add(subscription);
    }

    @Override
    public void onNext(Integer item) {
      signals.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      signals.add(failure);
    }

    @Override
    public void onComplete() {
      signals.add("end");
    }

    Object signal() throws InterruptedException {
      var signal = signals.poll(20, TimeUnit.SECONDS);
      assertThat(signal).as("a signal").isNotNull();
      return signal;
    }

    Flow.Subscription subscription() throws InterruptedException {
      return (Flow.Subscription) signal();
    }
  }

  private final ManualClock clock = new ManualClock();
  private final EventLoop loop = EventLoop.builder().clock(clock).build();

  private static <T> List<T> all(Items<T> items) {
    var all = new ArrayList<T>();
    for (var item = items.next(); item.isPresent(); item = items.next()) {
      all.add(item.get());
    }
    return all;
  }

  // --- subscribing from a task

  @Test
  void aTaskTakesTheItemsOfAPublisherInOrderToItsEnd() {
    var publisher = new SubmissionPublisher<Integer>();
    var all =
        Async.run(() -> {
          try (var items = new Items<Integer>()) {
            publisher.subscribe(items);
            var taken = Async.createTask(() -> all(items));
            for (int i = 0; i < 1000; i++) {
              int item = i;
              Async.toThread(() -> publisher.submit(item));
            }
            publisher.close();
            return taken.await();
          }
        });
    assertThat(all).hasSize(1000).isSorted();
  }

  @Test
  void anItemIsAskedForOnlyWhenTheTaskWantsOne() {
    var publisher = new ByHand();
    loop.run(() -> {
      try (var items = new Items<String>()) {
        publisher.subscribe(items);
        Async.checkpoint();
        assertThat(publisher.asked).isEmpty();
        var taken = Async.createTask(items::next);
        Async.sleep(Duration.ofSeconds(1));
        assertThat(publisher.asked).containsExactly(1L);
        items.onNext("a");
        assertThat(taken.await()).contains("a");
        Async.sleep(Duration.ofSeconds(1));
        assertThat(publisher.asked).containsExactly(1L);
      }
    });
  }

  @Test
  void theEndComesAlsoIfNothingWasAskedFor() {
    loop.run(() -> {
      try (var items = new Items<String>()) {
        new ByHand().subscribe(items);
        items.onComplete();
        assertThat(items.next()).isEmpty();
        assertThat(items.next()).isEmpty();
      }
    });
  }

  @Test
  void aFailureOfThePublisherIsThrownAfterTheItemsBeforeIt() {
    loop.run(() -> {
      try (var items = new Items<String>()) {
        new ByHand().subscribe(items);
        var first = Async.createTask(items::next);
        Async.sleep(Duration.ofSeconds(1));
        items.onNext("a");
        items.onError(new IllegalStateException("out of tea"));
        assertThat(first.await()).contains("a");
        assertThatThrownBy(items::next)
            .isInstanceOf(CompletionException.class)
            .cause()
            .hasMessage("out of tea");
      }
    });
  }

  @Test
  void cancellingTheTaskCancelsTheSubscription() {
    var publisher = new ByHand();
    loop.run(() -> {
      var task =
          Async.createTask(() -> {
            try (var items = new Items<String>()) {
              publisher.subscribe(items);
              return items.next();
            }
          });
      Async.sleep(Duration.ofSeconds(1));
      task.cancel();
      assertThat(task.outcome()).isInstanceOf(Outcome.Cancellation.class);
      assertThat(publisher.asked).containsExactly(1L, "cancel");
    });
  }

  @Test
  void aTimeoutLosesNoItemAndAsksForNoSecondOne() {
    var publisher = new ByHand();
    loop.run(() -> {
      try (var items = new Items<String>()) {
        publisher.subscribe(items);
        assertThatThrownBy(() -> Async.timeout(Duration.ofSeconds(1), items::next))
            .isInstanceOf(TimeoutException.class);
        items.onNext("late");
        assertThat(items.next()).contains("late");
        assertThat(publisher.asked).containsExactly(1L);
      }
    });
  }

  @Test
  void aSubscriptionThatComesAfterTheCloseIsCancelled() {
    var publisher = new ByHand();
    var items = new Items<String>();
    items.close();
    publisher.subscribe(items);
    assertThat(publisher.asked).containsExactly("cancel");
  }

  // --- publishing a queue

  @Test
  void aSubscriberGetsAsManyItemsAsItHasAskedFor() throws Exception {
    try (var started = EventLoop.builder().start()) {
      var queue = AsyncQueue.<Integer>fifo(10);
      var subscriber = new Noting();
      new QueuePublisher<>(started, queue).subscribe(subscriber);
      var subscription = subscriber.subscription();
      started.submit(() -> List.of(1, 2, 3, 4).forEach(queue::put)).get();
      started.submit(Async::checkpoint).get();
      assertThat(subscriber.signals).isEmpty();
      subscription.request(1);
      subscription.request(2);
      assertThat(List.of(subscriber.signal(), subscriber.signal(), subscriber.signal()))
          .containsExactly(1, 2, 3);
      started.submit(Async::checkpoint).get();
      assertThat(subscriber.signals).isEmpty();
      assertThat(queue.size()).isEqualTo(1);
    }
  }

  @Test
  void theEndComesAfterTheLastItemOfAQueueThatIsShutDown() throws Exception {
    try (var started = EventLoop.builder().start()) {
      var queue = AsyncQueue.<Integer>fifo(10);
      var subscriber = new Noting();
      new QueuePublisher<>(started, queue).subscribe(subscriber);
      subscriber.subscription().request(Long.MAX_VALUE);
      started
          .submit(() -> {
            queue.put(1);
            queue.shutdown();
          })
          .get();
      assertThat(List.of(subscriber.signal(), subscriber.signal())).containsExactly(1, "end");
    }
  }

  @Test
  void aSubscriberThatCancelsGetsNoMoreAndTakesNothingFromTheQueue() throws Exception {
    try (var started = EventLoop.builder().start()) {
      var queue = AsyncQueue.<Integer>fifo(10);
      var subscriber =
          new Noting() {
            private Flow.Subscription subscription;

            @Override
            public void onSubscribe(Flow.Subscription given) {
              subscription = given;
              given.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Integer item) {
              super.onNext(item);
              subscription.cancel();
            }
          };
      new QueuePublisher<>(started, queue).subscribe(subscriber);
      started
          .submit(() -> {
            queue.put(1);
            queue.put(2);
          })
          .get();
      assertThat(subscriber.signal()).isEqualTo(1);
      started.submit(Async::checkpoint).get();
      assertThat(subscriber.signals).isEmpty();
      assertThat(queue.size()).isEqualTo(1);
    }
  }

  @Test
  void aDemandThatIsNotPositiveIsAnError() throws Exception {
    try (var started = EventLoop.builder().start()) {
      var subscriber = new Noting();
      new QueuePublisher<>(started, AsyncQueue.<Integer>fifo(1)).subscribe(subscriber);
      subscriber.subscription().request(0);
      assertThat(subscriber.signal())
          .isInstanceOf(IllegalArgumentException.class)
          .asString()
          .contains("asked for 0 items");
    }
  }

  @Test
  void aSubscriberIsToldThatTheLoopHasEnded() throws Exception {
    var subscriber = new Noting();
    try (var started = EventLoop.builder().start()) {
      new QueuePublisher<>(started, AsyncQueue.<Integer>fifo(1)).subscribe(subscriber);
      subscriber.subscription().request(1);
    }
    assertThat(subscriber.signal()).isInstanceOf(Cancelled.class);
  }

  @Test
  void whatOneLoopPublishesATaskOfAnotherTakes() throws Exception {
    try (var started = EventLoop.builder().start()) {
      var queue = AsyncQueue.<Integer>fifo(1);
      var put =
          started.submit(() -> {
            for (int i = 0; i < 1000; i++) {
              queue.put(i); // waits for the other loop's task
            }
            queue.shutdown();
          });
      var all = new CopyOnWriteArrayList<Integer>();
      Async.run(() -> {
        try (var items = new Items<Integer>()) {
          new QueuePublisher<>(started, queue).subscribe(items);
          all.addAll(all(items));
        }
      });
      put.get();
      assertThat(all).hasSize(1000).isSorted();
    }
  }
}
