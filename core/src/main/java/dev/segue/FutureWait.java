package dev.segue;

import dev.segue.futures.internal.DoneCallback;
import dev.segue.futures.internal.Failures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A task's wait for a future or a stage, which a cancel leaves as it is. */
final class FutureWait<T extends @Nullable Object> extends OutsideWait
    implements BiConsumer<@Nullable T, @Nullable Throwable> {
  private enum State {
    AWAITED,
    /** Given up; the stage has it still. */
    LEFT,
    ENDED
  }

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(FutureWait.class, "state", State.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile State state = State.AWAITED;
  private @Nullable CompletionStage<?> stage; // null once left, or where there is a callback
  private @Nullable DoneCallback callback;

  // Written before the end arrives at the loop, read after.
  private @Nullable T value;
  private @Nullable Throwable failure;

  private FutureWait(Task<?> waiter, String what) {
    super(waiter, Kind.FUTURE, what);
  }

  /** Waits for a stage to end and returns its value. */
  static <T extends @Nullable Object> T await(
      Task<?> waiter, CompletionStage<? extends T> stage, String what) {
    waiter.checkCancelled();
    FutureWait<T> wait = takeOver(waiter, stage);
    if (wait == null) {
      wait = new FutureWait<>(waiter, what);
      var _ = stage.whenComplete(wait);
    }
    wait.stage = stage;
    wait.await();
    return wait.valueOrThrow();
  }

  /** A wait for the same stage that was given up; null if there is none. */
  @SuppressWarnings("unchecked") // what a stage ends with is of one type
  private static <T extends @Nullable Object> @Nullable FutureWait<T> takeOver(
      Task<?> waiter, CompletionStage<?> stage) {
    var left = waiter.kernel().leftWaits();
    for (var wait = left.take(stage); wait != null; wait = left.take(stage)) {
      wait.takeOver(waiter); // first: the stage may end now
      if (STATE.compareAndSet(wait, State.LEFT, State.AWAITED)) {
        return (FutureWait<T>) wait;
      }
    }
    return null;
  }

  /**
   * Waits for a future of any kind. Its work is outside the loop, so a virtual clock waits for it.
   */
  static <T extends @Nullable Object> T await(Task<?> waiter, Future<? extends T> future) {
    waiter.checkCancelled();
    var wait = new FutureWait<@Nullable Void>(waiter, "a future");
    wait.callback = DoneCallback.of(future, fault -> wait.accept(null, fault));
    wait.awaitWork();
    wait.valueOrThrow();
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case FAILED -> throw Failures.wrap(future.exceptionNow());
      default -> throw new CancellationException("a future was cancelled");
    };
  }

  @Override
  public void accept(@Nullable T ended, @Nullable Throwable thrown) {
    if (STATE.getAndSet(this, State.ENDED) == State.AWAITED) {
      value = ended;
      failure = thrown;
      end();
    }
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
    if (callback != null) {
      callback.close();
    } else if (STATE.compareAndSet(this, State.AWAITED, State.LEFT)) {
      var left = Objects.requireNonNull(stage);
      stage = null;
      waiter().kernel().leftWaits().leave(left, this);
    }
    return true;
  }
}
