package dev.segue.embedding;

import dev.segue.Async;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** What a publisher sends, for a task to take one by one; closing it cancels the subscription. */
final class Items<T> implements Flow.Subscriber<T>, AutoCloseable {
  private record Signal<T>(T item, CompletableFuture<Signal<T>> next) {}

  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private CompletableFuture<Signal<T>> last = new CompletableFuture<>(); // the publisher's
  private CompletableFuture<Signal<T>> next = last; // the task's
  private boolean requested;

  /** Asks for an item and waits for it; empty at the end. */
  Optional<T> next() {
    if (!requested) { // else the wait for it was cancelled
      Async.await(subscription).request(1);
      requested = true;
    }
    var signal = Async.await(next);
    if (signal == null) {
      return Optional.empty();
    }
    next = signal.next();
    requested = false;
    return Optional.of(signal.item());
  }

  @Override
  public void close() {
    subscription.thenAccept(Flow.Subscription::cancel);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (!subscription.complete(given)) {
      given.cancel();
    }
  }

  @Override
  public void onNext(T item) {
    var reached = last;
    last = new CompletableFuture<>();
    reached.complete(new Signal<>(item, last));
  }

  @Override
  public void onError(Throwable failure) {
    last.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    last.complete(null);
  }
}
