package dev.segue.futures.internal;

import dev.segue.futures.WorkFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback for the end of a future of any kind. A {@link WorkFuture} or a {@link CompletionStage}
 * tells by itself; for any other a virtual thread blocks in its {@code get}.
 */
public final class DoneCallback implements AutoCloseable {
  private final Consumer<@Nullable Throwable> callback;
  private @Nullable Thread blocked; // constant after construction
  private volatile boolean closed;

  private DoneCallback(Consumer<@Nullable Throwable> callback) {
    this.callback = callback;
  }

  /**
   * Arranges for a callback once a future is done.
   *
   * @param callback called once, on any thread; on the calling one if the future is done already.
   *     It is given null, or what the future's {@code get} threw that no future should
   * @return what withdraws the callback when it is closed
   */
  public static DoneCallback of(Future<?> future, Consumer<@Nullable Throwable> callback) {
    var done = new DoneCallback(callback);
    switch (future) {
      case WorkFuture<?> work -> work.whenDone(() -> done.call(null));
      case CompletionStage<?> stage -> {
        var _ = stage.whenComplete((_, _) -> done.call(null));
      }
      default -> {
        if (future.isDone()) {
          done.call(null);
        } else {
          done.blocked =
              Thread.ofVirtual()
                  .inheritInheritableThreadLocals(false)
                  .name("segue-future-wait")
                  .start(() -> done.block(future));
        }
      }
    }
    return done;
  }

  private void block(Future<?> future) {
    Throwable fault = null;
    try {
      var _ = future.get();
    } catch (ExecutionException | CancellationException _) {
      // It has ended; who asks for the value will see how.
    } catch (InterruptedException _) {
      if (!future.isDone()) {
        return;
      }
    } catch (Throwable thrown) {
      fault = thrown;
    }
    call(fault);
  }

  private void call(@Nullable Throwable fault) {
    if (!closed) {
      callback.accept(fault);
    }
  }

  /** Withdraws the callback, which may just be under way, and ends the thread that blocks. */
  @Override
  public void close() {
    closed = true;
    if (blocked != null) {
      blocked.interrupt();
    }
  }
}
