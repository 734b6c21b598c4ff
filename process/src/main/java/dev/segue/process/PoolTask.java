package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.internal.QuickCallback;
import dev.segue.process.ProcessPoolExecutor.TaskOptions;
import dev.segue.process.codec.Encoded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A submitted task and its future. Safe for use by several threads. */
final class PoolTask<T extends @Nullable Object> implements RunnableFuture<T>, WorkFuture<T> {
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

  /** Where the task is. */
  enum Place {
    QUEUED,
    SENT,
    /** Returned by {@code shutdownNow}: the caller may run it. */
    RETURNED,
    OVER
  }

  /**
   * If as many workers die while they receive a task, it fails: it may be too large for their heap.
   */
  private static final int DELIVERIES_TRIED = 3;

  private static final Callback CALLED = new Callback(() -> {}, null);
  private static final CompletableFuture<@Nullable Void> ENDED =
      CompletableFuture.completedFuture(null);

  private record Callback(Runnable body, @Nullable Callback before) {}

  private final Pool pool;
  private final long number;
  private final TaskOptions options;
  private final Body<T> body;
  private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
  private final CompletableFuture<Ending<T>> done = new CompletableFuture<>();

  /** The callbacks for the future's end, the last one first; {@link #CALLED} after it. */
  @GuardedBy("done")
  private @Nullable Callback callbacks;

  /** For the end of the work, once anyone has asked for it; {@link #ENDED} after it. */
  @GuardedBy("done")
  private @Nullable CompletableFuture<@Nullable Void> ended;

  // Guarded by the pool's lock.
  private @Nullable Encoded encoded;
  private Place place = Place.QUEUED;
  private @Nullable Delivery delivery;
  private int retriesLeft;
  private int failedDeliveries;

  /** Makes one, on the thread that submits it. */
  PoolTask(Pool pool, long number, TaskOptions options, Body<T> body, Encoded encoded) {
    this.pool = pool;
    this.number = number;
    this.options = options;
    this.body = body;
    this.encoded = encoded;
    this.retriesLeft = options.retries();
  }

  long number() {
    return number;
  }

  String name() {
    return options.name() != null ? options.name() : "task-" + number;
  }

  @Nullable Duration timeout() {
    return options.timeout();
  }

  /** Finds the classes of what the task returns or throws. */
  ClassLoader resultLoader(ResultLoaders loaders) {
    return loaders.of(body.task().getClass(), context);
  }

  // What the pool does with it, under its lock.

  Place place() {
    return place;
  }

  @Nullable Delivery delivery() {
    return delivery;
  }

  /** The task as bytes, until the task is over. */
  Encoded encoded() {
    if (encoded == null) {
      throw new IllegalStateException(name() + " has ended");
    }
    return encoded;
  }

  boolean wantsValue() {
    return body.wantsValue();
  }

  void sent(Delivery with) {
    place = Place.SENT;
    delivery = with;
  }

  void queuedAgain() {
    place = Place.QUEUED;
    delivery = null;
  }

  /** Uses up one retry. Returns whether there was one left. */
  boolean retry() {
    return retriesLeft > 0 && retriesLeft-- > 0;
  }

  /**
   * Counts a worker that ended before it could start the task. Returns whether to try another one.
   */
  boolean mayBeSentAgain() {
    return ++failedDeliveries < DELIVERIES_TRIED;
  }

  void returned() {
    place = Place.RETURNED;
    delivery = null;
    forgetBytes();
  }

  void over() {
    place = Place.OVER;
    delivery = null;
    forgetBytes();
  }

  private void forgetBytes() {
    if (encoded != null) {
      encoded.release();
      encoded = null;
    }
  }

  // How it ends. What depends on that is the program's code: it runs on a thread for callbacks, or
  // on the program's own thread that ends the task.

  /** Ends the future with what the worker returned. */
  void succeed(@Nullable Object value) {
    end(new Ending.Returned<>(body.result(value)), pool.callbacks());
  }

  void fail(Throwable cause) {
    end(new Ending.Thrown<>(cause), pool.callbacks());
  }

  /** Cancels the future of a task that no worker runs. */
  void cancelled() {
    end(new Ending.Cancelled<>(name()), pool.callbacks());
  }

  /**
   * Ends the future, unless it is done, and then the work.
   *
   * @param executor runs the callbacks, if there are any
   */
  private void end(Ending<T> ending, Executor executor) {
    boolean first = done.complete(ending);
    if (first) {
      pool.instrument().ended(number, state());
    }
    if (first && body.reportsFailure() && ending instanceof Ending.Thrown<T>(var cause)) {
      pool.callbacks().execute(() -> report(cause));
    }
    var toCall = first ? takeCallbacks() : List.<Runnable>of();
    if (toCall.isEmpty()) {
      workEnded(executor);
    } else {
      executor.execute(() -> {
        toCall.forEach(this::call);
        workEnded(Runnable::run);
      });
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
      Log.error("a callback of " + name() + " threw", thrown);
    }
  }

  /** Notes on the caller's thread that nothing of a task whose future is done runs any more. */
  void workEnded() {
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
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!done.complete(new Ending.Cancelled<>(name()))) {
      return false;
    }
    pool.instrument().ended(number, State.CANCELLED);
    takeCallbacks().forEach(this::call);
    pool.cancelled(this, mayInterruptIfRunning);
    return true;
  }

  /** Runs the task on this thread if {@code shutdownNow} returned it; otherwise does nothing. */
  @Override
  public void run() {
    if (!pool.takeReturned(this)) {
      return;
    }
    Ending<T> ending;
    try {
      ending = new Ending.Returned<>(body.runHere());
    } catch (Throwable t) {
      ending = new Ending.Thrown<>(t);
    }
    end(ending, Runnable::run);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return done.get().get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return done.get(timeout, unit).get();
  }

  @Override
  public boolean isDone() {
    return done.isDone();
  }

  @Override
  public boolean isCancelled() {
    return done.getNow(null) instanceof Ending.Cancelled<T>;
  }

  /**
   * {@inheritDoc} If the future is done, or a thread of the program's ends it, by a cancel for
   * example, that thread calls it. Otherwise a thread of the pool does that has nothing else to do:
   * the callback may block.
   */
  @Override
  public void whenDone(Runnable callback) {
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
  public CompletionStage<@Nullable Void> ended() {
    synchronized (done) {
      if (ended == null) {
        ended = new CompletableFuture<>();
      }
      return ended.minimalCompletionStage();
    }
  }

  @Override
  public String toString() {
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

  /**
   * What a task does, as its submitter gave it.
   *
   * @param callable the task; null if it is {@code runnable}
   * @param runnable the task; null if it is {@code callable}
   * @param given what the future of a runnable ends with
   * @param reportsFailure whether a failure goes to the uncaught exception handler, because no
   *     caller has the future
   */
  record Body<T extends @Nullable Object>(
      @Nullable Callable<T> callable,
      @Nullable Runnable runnable,
      @Nullable T given,
      boolean reportsFailure) {
    static <T extends @Nullable Object> Body<T> of(Callable<T> task) {
      return new Body<>(task, null, null, false);
    }

    static <T extends @Nullable Object> Body<T> of(Runnable task, T given) {
      return new Body<>(null, task, given, false);
    }

    static Body<@Nullable Void> unwatched(Runnable task) {
      return new Body<>(null, task, null, true);
    }

    /** What is sent to the worker. */
    Object task() {
      return callable != null ? callable : Objects.requireNonNull(runnable);
    }

    boolean wantsValue() {
      return callable != null;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a null is a T here: the task returned it
    T result(@Nullable Object value) {
      return callable != null ? (T) value : given;
    }

    T runHere() throws Exception {
      if (callable != null) {
        return callable.call();
      }
      Objects.requireNonNull(runnable).run();
      return result(null);
    }
  }
}
