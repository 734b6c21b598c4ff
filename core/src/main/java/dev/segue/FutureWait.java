package dev.segue;

import dev.segue.futures.internal.DoneCallback;
import dev.segue.futures.internal.Failures;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A task's wait for a future or a stage, which a cancel leaves as it is. */
final class FutureWait<T extends @Nullable Object> extends OutsideWait
    implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private final Runnable onAbort;

  // Written before the end arrives at the loop, read after.
  private @Nullable T value;
  private @Nullable Throwable failure;

  private FutureWait(Task<?> waiter, String what, Runnable onAbort) {
    super(waiter, what);
    this.onAbort = onAbort;
  }

  /** Waits for a stage to end and returns its value. */
  static <T extends @Nullable Object> T await(
      Task<?> waiter, CompletionStage<? extends T> stage, String what) {
    waiter.checkCancelled();
    var wait = new FutureWait<T>(waiter, what, () -> {});
    var _ = stage.whenComplete(wait);
    wait.await();
    return wait.valueOrThrow();
  }

  /**
   * Waits for a future of any kind. Its work is outside the loop, so a virtual clock waits for it.
   */
  static <T extends @Nullable Object> T await(Task<?> waiter, Future<? extends T> future) {
    waiter.checkCancelled();
    if (!future.isDone()) {
      var done = new CompletableFuture<@Nullable Void>();
      var callback =
          DoneCallback.of(
              future,
              fault -> {
                if (fault == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(fault);
                }
              });
      var wait = new FutureWait<@Nullable Void>(waiter, "a future", callback::close);
      var _ = done.whenComplete(wait);
      wait.awaitWork();
      wait.valueOrThrow();
    }
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case FAILED -> throw Failures.wrap(future.exceptionNow());
      default -> throw new CancellationException("a future was cancelled");
    };
  }

  @Override
  public void accept(@Nullable T ended, @Nullable Throwable thrown) {
    value = ended;
    failure = thrown;
    end();
  }

  @SuppressWarnings("NullAway") // a null is a T here: the stage ended with it
  private T valueOrThrow() {
    if (failure == null) {
      return value;
    }
    var cause = Failures.unwrap(failure);
    if (cause instanceof CancellationException) {
      var cancelled = new CancellationException(describe() + " was cancelled");
      cancelled.initCause(cause);
      throw cancelled;
    }
    throw Failures.wrap(cause);
  }

  @Override
  boolean giveUp() {
    onAbort.run();
    return true;
  }
}
