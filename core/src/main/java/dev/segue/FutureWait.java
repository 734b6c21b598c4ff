package dev.segue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A task's wait for something that ends outside its loop. The end may come on any thread; it
 * reaches the task as an arrival.
 */
final class FutureWait<T extends @Nullable Object>
    implements Wait, BiConsumer<@Nullable T, @Nullable Throwable> {
  private final String what;
  private final @Nullable Runnable onAbort;

  // Confined to the loop. Null once given up, so that a future which never ends holds no task.
  private @Nullable Task<?> waiter;
  private boolean done;
  private @Nullable T value;
  private @Nullable Throwable failure;

  private FutureWait(Task<?> waiter, String what, @Nullable Runnable onAbort) {
    this.waiter = waiter;
    this.what = what;
    this.onAbort = onAbort;
  }

  static <T extends @Nullable Object> T await(
      Task<?> waiter, CompletionStage<? extends T> stage, String what) {
    return await(waiter, stage, what, null);
  }

  /**
   * Waits for a stage to end and returns its value.
   *
   * @param onAbort run when the wait is given up; null for nothing
   */
  static <T extends @Nullable Object> T await(
      Task<?> waiter, CompletionStage<? extends T> stage, String what, @Nullable Runnable onAbort) {
    waiter.checkCancelled();
    var wait = new FutureWait<T>(waiter, what, onAbort);
    var _ = stage.whenComplete(wait);
    if (!wait.done) {
      waiter.suspend(wait);
    }
    return wait.valueOrThrow();
  }

  /**
   * Waits for a future of any kind, with the help of a thread that blocks in its {@code get}. That
   * thread is work outside the loop: a virtual clock stands still meanwhile.
   */
  static <T extends @Nullable Object> T awaitBlocking(Task<?> waiter, Future<? extends T> future) {
    waiter.checkCancelled();
    if (!future.isDone()) {
      var ended = new CompletableFuture<@Nullable Void>();
      var helper =
          BlockingWait.start(
              future,
              fault -> {
                if (fault == null) {
                  ended.complete(null);
                } else {
                  ended.completeExceptionally(fault);
                }
              });
      waiter.kernel().outsideWorkStarted();
      try {
        FutureWait.<@Nullable Void>await(waiter, ended, "a future", helper::interrupt);
      } finally {
        waiter.kernel().outsideWorkEnded();
      }
    }
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case FAILED -> throw Failures.wrap(future.exceptionNow());
      default -> throw new CancellationException("a future was cancelled");
    };
  }

  @Override
  public void accept(@Nullable T ended, @Nullable Throwable thrown) {
    var task = waiter;
    if (task != null) {
      task.kernel().runOnLoop(() -> end(ended, thrown));
    }
  }

  private void end(@Nullable T ended, @Nullable Throwable thrown) {
    value = ended;
    failure = thrown;
    done = true;
    if (waiter != null) {
      waiter.wakeUp(this);
    }
  }

  @SuppressWarnings("NullAway") // a null is a T here: the stage ended with it
  private T valueOrThrow() {
    if (failure == null) {
      return value;
    }
    var cause = Failures.unwrap(failure);
    if (cause instanceof CancellationException) {
      var cancelled = new CancellationException(what + " was cancelled");
      cancelled.initCause(cause);
      throw cancelled;
    }
    throw Failures.wrap(cause);
  }

  @Override
  public boolean abort() {
    waiter = null;
    if (onAbort != null) {
      onAbort.run();
    }
    return true;
  }

  @Override
  public String describe() {
    return what;
  }
}
