package dev.segue.cluster;

import dev.segue.futures.TaskOptions;
import dev.segue.futures.internal.SubmittedTask;
import dev.segue.futures.internal.TaskBody;
import dev.segue.process.codec.ResultLoaders;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A submitted task and its future. Safe for use by several threads. */
final class ClusterTask<T extends @Nullable Object> extends SubmittedTask<T> {
  /** Where the task is. */
  enum Place {
    QUEUED,
    /** Spark has its slot, and has sent it to no executor. */
    GIVEN,
    /** An executor may have started it. */
    SENT,
    /** Returned by {@code shutdownNow}: the caller may run it. */
    RETURNED,
    OVER
  }

  private final SparkPool pool;
  private final long number;
  private final TaskOptions options;
  private final @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
  private final int length;
  private final long submittedAt = System.nanoTime();

  // Guarded by the pool's lock.
  private byte @Nullable [] encoded;
  private Place place = Place.QUEUED;
  private @Nullable Slot slot;
  private int attempts;
  private boolean apart;
  private boolean alone;
  private int losses;
  private boolean interrupted;

  /** Makes one, on the thread that submits it. */
  ClusterTask(SparkPool pool, long number, TaskOptions options, TaskBody<T> body, byte[] encoded) {
    super(body);
    this.pool = pool;
    this.number = number;
    this.options = options;
    this.encoded = encoded;
    this.length = encoded.length;
    this.apart = options.retries() != null;
  }

  long number() {
    return number;
  }

  @Override
  public String name() {
    return options.name() != null ? options.name() : "task-" + number;
  }

  /** How many bytes it has. */
  int length() {
    return length;
  }

  /** When it was made, by {@link System#nanoTime()}. */
  long submittedAt() {
    return submittedAt;
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

  /** The slot that Spark has been given for it. */
  Slot slot() {
    return Objects.requireNonNull(slot);
  }

  void given(Slot to) {
    place = Place.GIVEN;
    slot = to;
  }

  /** What the next attempt sends to an executor. */
  Shipment.Item item() {
    return new Shipment.Item(
        Objects.requireNonNull(encoded), body().wantsValue(), name(), attempts);
  }

  /** Notes that it is sent to an executor: one attempt more. */
  void sent() {
    place = Place.SENT;
    attempts++;
  }

  /** How often it has been sent to an executor. */
  int attempts() {
    return attempts;
  }

  /**
   * Whether its submitter has limited how often it is started, and it has been started so often.
   */
  boolean isUsedUp() {
    return options.retries() != null && attempts > options.retries();
  }

  boolean limitsRetries() {
    return options.retries() != null;
  }

  /** Whether it must have a slot of its own. */
  boolean isApart() {
    return apart;
  }

  void setApart() {
    apart = true;
  }

  /**
   * Whether it must have an executor of its own, because one has died that ran it beside others.
   */
  boolean isAlone() {
    return alone;
  }

  void setAlone() {
    apart = true;
    alone = true;
  }

  /**
   * Notes that its executor was lost, after which it gets one of its own.
   *
   * @param wasAlone whether it had one
   */
  void lost(boolean wasAlone) {
    setAlone();
    losses += wasAlone ? 1 : 0;
  }

  /** Notes that Spark has lost its result, after which it gets a slot of its own. */
  void resultLost() {
    setApart();
    losses++;
  }

  /** How many executors were lost while they ran nothing else, and how many results on the way. */
  int losses() {
    return losses;
  }

  /** Whether {@code shutdownNow} has asked it to end. */
  boolean isInterrupted() {
    return interrupted;
  }

  void interrupted() {
    interrupted = true;
  }

  void queuedAgain() {
    place = Place.QUEUED;
    slot = null;
  }

  void returned() {
    place = Place.RETURNED;
    slot = null;
    encoded = null;
  }

  void over() {
    place = Place.OVER;
    slot = null;
    encoded = null;
  }

  @Override
  protected Executor callbackExecutor() {
    return pool.deliveries();
  }

  @Override
  protected void done(State how) {
    pool.count(how);
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
