package dev.segue.embedding;

import dev.segue.Async;
import dev.segue.AsyncQueue;
import dev.segue.Cancelled;
import dev.segue.EventLoop;
import dev.segue.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** Publishes what a queue of a loop gives; the end, once the queue has been shut down. */
record QueuePublisher<T>(EventLoop loop, AsyncQueue<T> queue) implements Flow.Publisher<T> {
  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    loop.submit(() -> new Delivery<>(subscriber, Async.currentTask()).of(queue));
  }

  /** A subscription: the task that takes what the subscriber has asked for. */
  private static final class Delivery<T> implements Flow.Subscription {
    private final Flow.Subscriber<? super T> subscriber;
    private final Task<?> task;
    private final AtomicLong demand = new AtomicLong();
    private volatile CompletableFuture<Void> asked = new CompletableFuture<>();
    private volatile boolean wanted = true;
    private volatile Throwable fault;

    Delivery(Flow.Subscriber<? super T> subscriber, Task<?> task) {
      this.subscriber = subscriber;
      this.task = task;
    }

    void of(AsyncQueue<? extends T> queue) {
      subscriber.onSubscribe(this);
      try {
        while (true) {
          awaitDemand();
          subscriber.onNext(queue.take()); // takes only what the subscriber wants
        }
      } catch (AsyncQueue.ShutDownException _) {
        subscriber.onComplete();
      } catch (Cancelled cancelled) {
        if (wanted) { // the loop has ended, or the subscriber broke the rules
          subscriber.onError(fault == null ? cancelled : fault);
        }
        throw cancelled;
      }
    }

    private void awaitDemand() {
      while (demand.get() == 0) {
        asked = new CompletableFuture<>();
        if (demand.get() == 0) { // not asked since
          Async.await(asked);
        }
      }
      demand.decrementAndGet();
    }

    @Override
    public void request(long n) {
      if (n > 0) {
        demand.accumulateAndGet(n, (a, b) -> a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b);
        asked.complete(null);
      } else {
        fault = new IllegalArgumentException("asked for " + n + " items");
        task.cancel();
      }
    }

    @Override
    public void cancel() {
      wanted = false;
      task.cancel();
    }
  }
}
