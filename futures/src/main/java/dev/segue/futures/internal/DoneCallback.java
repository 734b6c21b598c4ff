package dev.segue.futures.internal;

import dev.segue.futures.WorkFuture;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A callback for the end of a future of any kind. A {@link WorkFuture} or a {@link CompletionStage}
 * tells by itself; for any other a virtual thread blocks in its {@code get}.
 */
public final class DoneCallback implements AutoCloseable {
  private static final LeftCallbacks<Registration> LEFT = new LeftCallbacks<>(); // its own guard

  private final Future<?> future;
  private final Consumer<@Nullable Throwable> callback;
  private final Registration registration;
  private @Nullable Thread blocked; // constant after construction

  private DoneCallback(
      Future<?> future, Consumer<@Nullable Throwable> callback, Registration registration) {
    this.future = future;
    this.callback = callback;
    this.registration = registration;
  }

  /** What the future has until it is done: the callback; null as long as nobody wants to know. */
  private static final class Registration
      extends AtomicReference<@Nullable Consumer<@Nullable Throwable>> {
    private static final long serialVersionUID = 1L;

    Registration(Consumer<@Nullable Throwable> callback) {
      super(callback);
    }

    private static void ignore(@Nullable Throwable fault) {}

    void call(@Nullable Throwable fault) {
      var callback = getAndSet(Registration::ignore);
      if (callback != null) {
        callback.accept(fault);
      }
    }
  }

  /**
   * Arranges for a callback once a future is done.
   *
   * @param callback called once, on any thread, so it must be quick; on the calling one if the
   *     future is done already. It is given null, or what the future's {@code get} threw that no
   *     future should
   * @return what withdraws the callback when it is closed
   */
  public static DoneCallback of(Future<?> future, Consumer<@Nullable Throwable> callback) {
    var left = takeOver(future, callback);
    if (left != null) {
      return new DoneCallback(future, callback, left);
    }
    var registration = new Registration(callback);
    var done = new DoneCallback(future, callback, registration);
    switch (future) {
      case WorkFuture<?> work -> {
        QuickCallback quick = () -> registration.call(null);
        work.whenDone(quick);
      }
      case CompletionStage<?> stage -> {
        var _ = stage.whenComplete((_, _) -> registration.call(null));
      }
      default -> {
        if (future.isDone()) {
          registration.call(null);
        } else {
          done.blocked =
              Thread.ofVirtual()
                  .inheritInheritableThreadLocals(false)
                  .name("segue-future-wait")
                  .start(done::block);
        }
      }
    }
    return done;
  }

  private static @Nullable Registration takeOver(
      Future<?> future, Consumer<@Nullable Throwable> callback) {
    synchronized (LEFT) {
      var left = LEFT.take(future);
      while (left != null && !left.compareAndSet(null, callback)) {
        left = LEFT.take(future); // that one has been called, as the future is done
      }
      return left;
    }
  }

  private void block() {
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
    registration.call(fault);
  }

  /** Withdraws the callback, which may just be under way, and ends the thread that blocks. */
  @Override
  public void close() {
    boolean withdrawn = registration.compareAndSet(callback, null);
    if (blocked != null) {
      blocked.interrupt();
    } else if (withdrawn) {
      synchronized (LEFT) {
        LEFT.leave(future, registration);
      }
    }
  }
}
