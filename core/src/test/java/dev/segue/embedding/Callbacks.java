package dev.segue.embedding;

import dev.segue.Async;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Waits for calls that answer through callbacks. */
final class Callbacks {
  private Callbacks() {}

  /**
   * Starts a call whose callbacks complete the future that {@code start} is given, and waits for
   * it. {@code start} returns how to cancel the call, which is done if this wait is cancelled.
   */
  static <T> T await(Function<CompletableFuture<T>, Runnable> start) {
    var answer = new CompletableFuture<T>();
    var cancel = start.apply(answer);
    try {
      return Async.await(answer);
    } finally {
      if (!answer.isDone()) {
        cancel.run();
      }
    }
  }
}
