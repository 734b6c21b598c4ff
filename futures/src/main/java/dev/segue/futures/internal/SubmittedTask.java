package dev.segue.futures.internal;

import dev.segue.futures.WorkFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The future of a task that runs in another process. How the task gets there is the subclass's
 * affair. Safe for use by several threads.
 *
 * @param <T> the type of the result
 */
@SuppressWarnings("ReferenceEquality") // CALLED and ENDED are marks
public abstract class SubmittedTask<T extends @Nullable Object>
    implements RunnableFuture<T>, WorkFuture<T> {
  /** How the future ended. */
  private sealed interface Ending<T extends @Nullable Object> {
    /** Returns or throws what {@link #get} does. */
    T get() throws ExecutionException;

    record Returned<T extends @Nullable Object>(T value) implements Ending<T> {
      @Override
      public T get() {
        return value;
      }
    }

    record Thrown<T extends @Nullable Object>(Throwable cause) implements Ending<T> {
      @Override
      public T get() throws ExecutionException {
        throw new ExecutionException(cause);
      }
    }

    record Cancelled<T extends @Nullable Object>(String name) implements Ending<T> {
      @Override
      public T get() {
        throw new CancellationException(name + " was cancelled");
      }
    }
  }

  private static final Callback CALLED = new Callback(() -> {}, null);
  private static final CompletableFuture<@Nullable Void> ENDED =
      CompletableFuture.completedFuture(null);

  private record Callback(Runnable body, @Nullable Callback before) {}

  private final TaskBody<T> body;
  private final CompletableFuture<Ending<T>> done = new CompletableFuture<>();

  /** The callbacks for the future's end, the last one first; {@link #CALLED} after it. */
  // Guarded by done, as is the next one.
  private @Nullable Callback callbacks;

  /** For the end of the work, once anyone has asked for it; {@link #ENDED} after it. */
  private @Nullable CompletableFuture<@Nullable Void> ended;

  /** Makes one that is not done. */
  protected SubmittedTask(TaskBody<T> body) {
    this.body = body;
  }

  /** The task's name in messages. */
  public abstract String name();

  /** Runs callbacks, which are the program's code and may block. */
  protected abstract Executor callbackExecutor();

  /** The future is done: called once, by the thread that has ended it. Quick. */
  protected abstract void done(State how);

  /** A caller has cancelled the future, which is done: stops the work if there is any. */
  protected abstract void stopWork(boolean mayInterruptIfRunning);

  /** Logs what a callback threw. */
  protected abstract void logError(String message, Throwable thrown);

  /** What the task does. */
  protected final TaskBody<T> body() {
    return body;
  }

  // How it ends. What depends on that is the program's code: it runs on a thread for callbacks, or
  // on the program's own thread that ends the task.

  /** Ends the future with what the task returned. */
  public final void succeed(@Nullable Object value) {
    end(new Ending.Returned<>(body.result(value)), callbackExecutor(), true);
  }

  /** Ends the future with a failure. */
  public final void fail(Throwable cause) {
    end(new Ending.Thrown<>(cause), callbackExecutor(), true);
  }

  /** Ends the future with a failure while its work goes on, until {@link #workEnded()}. */
  public final void failBeforeWorkEnds(Throwable cause) {
    end(new Ending.Thrown<>(cause), callbackExecutor(), false);
  }

  /** Cancels the future of a task that no worker runs. */
  public final void cancelled() {
    end(new Ending.Cancelled<>(name()), callbackExecutor(), true);
  }

  /** Runs the task on this thread, and ends the future as it ends. */
  protected final void runHere() {
    Ending<T> ending;
    try {
      ending = new Ending.Returned<>(body.runHere());
    } catch (Throwable t) {
      ending = new Ending.Thrown<>(t);
    }
    end(ending, Runnable::run, true);
  }

  /**
   * Ends the future, unless it is done, and then the work.
   *
   * @param executor runs the callbacks, if there are any
   * @param workEnds false if the work goes on
   */
  private void end(Ending<T> ending, Executor executor, boolean workEnds) {
    boolean first = done.complete(ending);
    if (first) {
      done(state());
    }
    if (first && body.reportsFailure() && ending instanceof Ending.Thrown<T>(var cause)) {
      callbackExecutor().execute(() -> report(cause));
    }
    var toCall = first ? takeCallbacks() : List.<Runnable>of();
    if (!toCall.isEmpty()) {
      executor.execute(() -> {
        toCall.forEach(this::call);
        if (workEnds) {
          workEnded(Runnable::run);
        }
      });
    } else if (workEnds) {
      workEnded(executor);
    }
  }

  private static void report(Throwable cause) {
    var thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
  }

  /** Calls those callbacks that are quick, and returns the others, in their order. */
  private List<Runnable> takeCallbacks() {
    Callback last;
    synchronized (done) {
      last = callbacks;
      callbacks = CALLED;
    }
    if (last == null) {
      return List.of();
    }
    var others = new ArrayList<Runnable>();
    for (var callback = last; callback != null; callback = callback.before()) {
      if (callback.body() instanceof QuickCallback quick) {
        call(quick);
      } else {
        others.add(callback.body());
      }
    }
    return others.reversed();
  }

  private void call(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable thrown) {
      logError("a callback of " + name() + " threw", thrown);
    }
  }

  /** Notes on the caller's thread that nothing of a task whose future is done runs any more. */
  public final void workEnded() {
    workEnded(Runnable::run);
  }

  private void workEnded(Executor executor) {
    CompletableFuture<@Nullable Void> asked;
    synchronized (done) {
      asked = ended;
      ended = ENDED;
    }
    if (asked != null && asked != ENDED) {
      executor.execute(() -> asked.complete(null));
    }
  }

  // What callers do with it.

  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    if (!done.complete(new Ending.Cancelled<>(name()))) {
      return false;
    }
    done(State.CANCELLED);
    takeCallbacks().forEach(this::call);
    stopWork(mayInterruptIfRunning);
    return true;
  }

  @Override
  public final T get() throws InterruptedException, ExecutionException {
    return done.get().get();
  }

  @Override
  public final T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return done.get(timeout, unit).get();
  }

  @Override
  public final boolean isDone() {
    return done.isDone();
  }

  @Override
  public final boolean isCancelled() {
    return done.getNow(null) instanceof Ending.Cancelled<T>;
  }

  /**
   * {@inheritDoc} If the future is done, or a thread of the program's ends it, by a cancel for
   * example, that thread calls it. Otherwise a thread of the executor does that has nothing else to
   * do: the callback may block.
   */
  @Override
  public final void whenDone(Runnable callback) {
    Objects.requireNonNull(callback, "callback must not be null");
    synchronized (done) {
      if (callbacks != CALLED && !done.isDone()) {
        callbacks = new Callback(callback, callbacks);
        return;
      }
    }
    call(callback);
  }

  /** {@inheritDoc} What depends on it runs where a callback of {@link #whenDone} does. */
  @Override
  public final CompletionStage<@Nullable Void> ended() {
    synchronized (done) {
      if (ended == null) {
        ended = new CompletableFuture<>();
      }
      return ended.minimalCompletionStage();
    }
  }

  @Override
  public final String toString() {
    var ending = done.getNow(null);
    var state =
        switch (ending) {
          case null -> "not done";
          case Ending.Returned<T> _ -> "returned";
          case Ending.Thrown<T>(var cause) -> "failed: " + cause;
          case Ending.Cancelled<T> _ -> "cancelled";
        };
    return name() + " [" + state + "]";
  }
}
