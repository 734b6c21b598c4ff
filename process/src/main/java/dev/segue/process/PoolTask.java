package dev.segue.process;

import dev.segue.futures.TaskOptions;
import dev.segue.futures.internal.SubmittedTask;
import dev.segue.futures.internal.TaskBody;
import dev.segue.process.codec.Encoded;
import dev.segue.process.codec.ResultLoaders;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A submitted task and its future. Safe for use by several threads. */
final class PoolTask<T extends @Nullable Object> extends SubmittedTask<T> {
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

  private final Pool pool;
  private final long number;
  private final TaskOptions options;
  private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();

  // Guarded by the pool's lock.
  private @Nullable Encoded encoded;
  private Place place = Place.QUEUED;
  private @Nullable Delivery delivery;
  private int retriesLeft;
  private int failedDeliveries;

  /** Makes one, on the thread that submits it. */
  PoolTask(Pool pool, long number, TaskOptions options, TaskBody<T> body, Encoded encoded) {
    super(body);
    this.pool = pool;
    this.number = number;
    this.options = options;
    this.encoded = encoded;
    this.retriesLeft = Objects.requireNonNullElse(options.retries(), 0);
  }

  long number() {
    return number;
  }

  @Override
  public String name() {
    return options.name() != null ? options.name() : "task-" + number;
  }

  @Nullable Duration timeout() {
    return options.timeout();
  }

  /** Finds the classes of what the task returns or throws. */
  ClassLoader resultLoader(ResultLoaders loaders) {
    return loaders.of(body().task().getClass(), context);
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
    return body().wantsValue();
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

  @Override
  protected Executor callbackExecutor() {
    return pool.callbacks();
  }

  @Override
  protected void done(State how) {
    pool.instrument().ended(number, how);
  }

  @Override
  protected void stopWork(boolean mayInterruptIfRunning) {
    pool.cancelled(this, mayInterruptIfRunning);
  }

  @Override
  protected void logError(String message, Throwable thrown) {
    Log.error(message, thrown);
  }

  /** Runs the task on this thread if {@code shutdownNow} returned it; otherwise does nothing. */
  @Override
  public void run() {
    if (pool.takeReturned(this)) {
      runHere();
    }
  }
}
