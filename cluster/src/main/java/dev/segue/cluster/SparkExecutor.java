package dev.segue.cluster;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import dev.segue.futures.internal.Invocations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExecutorService} whose workers are the executors of an Apache Spark cluster.
 *
 * <p><b>A task may run more than once.</b> (To be written.)
 */
public final class SparkExecutor implements ExecutorService {
  private final SparkPool pool;

  private SparkExecutor(SparkPool pool) {
    this.pool = pool;
  }

  /**
   * Returns a builder of an executor with a {@link SparkContext} of its own, which ends with it.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder(null);
  }

  /**
   * Returns a builder of an executor that uses a program's own context, and leaves it open.
   *
   * @param context the context; a {@code JavaSparkContext} has it as {@code sc()}, a {@code
   *     SparkSession} as {@code sparkContext()}
   * @return a new builder
   */
  public static Builder on(SparkContext context) {
    return new Builder(Objects.requireNonNull(context, "context must not be null"));
  }

  /**
   * Submits a task.
   *
   * @param <T> the result
   * @param task the task, copied now
   * @return its future, also a {@link dev.segue.futures.WorkFuture}
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public <T extends @Nullable Object> Future<T> submit(SerializableCallable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  /**
   * Submits a task without a result.
   *
   * @param task the task, copied now
   * @return its future, which ends with null
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public Future<?> submit(SerializableRunnable task) {
    return pool.<@Nullable Void>submit(TaskOptions.DEFAULT, task, null);
  }

  /**
   * Submits a task with a result known beforehand.
   *
   * @param <T> the result
   * @param task the task, copied now
   * @param result what the future ends with: this object itself, which is not copied
   * @return its future
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public <T extends @Nullable Object> Future<T> submit(SerializableRunnable task, T result) {
    return pool.submit(TaskOptions.DEFAULT, task, result);
  }

  /**
   * Submits a task with options of its own.
   *
   * @param <T> the result
   * @param options name, time-out and retries
   * @param task the task, copied now
   * @return its future, also a {@link dev.segue.futures.WorkFuture}
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public <T extends @Nullable Object> Future<T> submit(
      TaskOptions options, SerializableCallable<T> task) {
    return pool.submit(options, task);
  }

  /**
   * Submits a task without a result, with options of its own.
   *
   * @param options name, time-out and retries
   * @param task the task, copied now
   * @return its future, which ends with null
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public Future<?> submit(TaskOptions options, SerializableRunnable task) {
    return pool.<@Nullable Void>submit(options, task, null);
  }

  /**
   * Runs a task. What it throws goes to the uncaught exception handler of a thread of the executor,
   * as in a thread pool.
   *
   * @param task the task, copied now
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   * @throws java.util.concurrent.RejectedExecutionException if the executor is shut down, or its
   *     queue is full
   */
  public void execute(SerializableRunnable task) {
    pool.execute(task);
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  @Override
  public Future<?> submit(Runnable task) {
    return pool.<@Nullable Void>submit(TaskOptions.DEFAULT, task, null);
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return pool.submit(TaskOptions.DEFAULT, task, result);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return Invocations.all(this, tasks);
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return Invocations.all(this, tasks, unit.toNanos(timeout));
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return Invocations.any(this, tasks);
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return Invocations.any(this, tasks, unit.toNanos(timeout));
  }

  /**
   * Sends a jar to the executors, for the tasks that are submitted from now on.
   *
   * @param jar the jar
   */
  public void addJar(Path jar) {
    throw later();
  }

  /**
   * Sends classes to the executors that only this JVM has, with those that are nested in them, for
   * the tasks that are submitted from now on.
   *
   * @param classes the classes
   */
  public void addClasses(Class<?>... classes) {
    throw later();
  }

  /**
   * Returns what the executor has done, and does.
   *
   * @return the figures now
   */
  public Stats stats() {
    return pool.stats();
  }

  /**
   * Returns the context that the executor uses.
   *
   * @return the context
   */
  public SparkContext context() {
    return pool.context();
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(unit.toNanos(timeout));
  }

  @Override
  public String toString() {
    return pool.toString();
  }

  private static UnsupportedOperationException later() {
    return new UnsupportedOperationException("not written yet");
  }

  /**
   * What an executor has done, and does.
   *
   * @param executors how many Spark executors there are
   * @param slots how many tasks they run at the same time
   * @param queued how many tasks wait here
   * @param running how many tasks Spark has been given, and has not ended
   * @param succeeded how many have returned
   * @param failed how many have failed
   * @param cancelled how many have been cancelled
   * @param repeated how many attempts were not the first of their task
   * @param lostExecutors how many executors were lost
   * @param sparkTasks how many tasks Spark has run, with one or several of this executor's in each
   * @param executorCpu the processor time that tasks have used on executors
   */
  public record Stats(
      int executors,
      int slots,
      long queued,
      long running,
      long succeeded,
      long failed,
      long cancelled,
      long repeated,
      long lostExecutors,
      long sparkTasks,
      Duration executorCpu) {}

  /** Sets the options of an executor that is to be built. Not safe for use by several threads. */
  public static final class Builder {
    private final @Nullable SparkContext given;
    private final Map<String, String> configuration = new LinkedHashMap<>();
    private @Nullable Duration taskTimeout;
    private Duration cancelGrace = Duration.ofSeconds(2);
    private Duration startTimeout = Duration.ofSeconds(60);
    private int queueTasks = 100_000;
    private long queueBytes = Runtime.getRuntime().maxMemory() / 4;
    private WhenFull whenFull = WhenFull.BLOCK;
    private int maxBatch = 1;
    private Duration maxDelay = Duration.ZERO;
    private boolean shipClassPath = true;
    private int slots;

    private Builder(@Nullable SparkContext given) {
      this.given = given;
    }

    /**
     * Sets the cluster.
     *
     * @param master as Spark takes it, such as {@code spark://host:7077}, {@code yarn} or {@code
     *     k8s://https://host:443}; by default {@code spark.master} of the configuration
     * @return this
     */
    public Builder master(String master) {
      return config("spark.master", Objects.requireNonNull(master, "master must not be null"));
    }

    /**
     * Sets the application's name, which Spark's pages show.
     *
     * @param name the name
     * @return this
     */
    public Builder name(String name) {
      return config("spark.app.name", Objects.requireNonNull(name, "name must not be null"));
    }

    /**
     * Sets a property of Spark's configuration.
     *
     * @param key the property
     * @param value its value
     * @return this
     */
    public Builder config(String key, String value) {
      Objects.requireNonNull(key, "key must not be null");
      Objects.requireNonNull(value, "value must not be null");
      if (given != null) {
        throw new IllegalStateException(
            key + " must be set where the SparkContext is made: this executor uses a given one");
      }
      configuration.put(key, value);
      return this;
    }

    /**
     * Sets how long a task may run, from the start of each attempt.
     *
     * @param timeout positive; by default there is no limit
     * @return this
     */
    public Builder taskTimeout(Duration timeout) {
      taskTimeout = positive(timeout, "taskTimeout");
      return this;
    }

    /**
     * Sets how long an interrupted task has to end before its executor is killed.
     *
     * @param grace positive; by default 2 seconds
     * @return this
     */
    public Builder cancelGrace(Duration grace) {
      if (Objects.requireNonNull(grace, "cancelGrace must not be null").isNegative()) {
        throw new IllegalArgumentException("cancelGrace must not be negative: " + grace);
      }
      cancelGrace = grace;
      return this;
    }

    /**
     * Sets how long the cluster may take to give the first executor, before tasks fail with the
     * reason.
     *
     * @param timeout positive; by default 60 seconds
     * @return this
     */
    public Builder startTimeout(Duration timeout) {
      startTimeout = positive(timeout, "startTimeout");
      return this;
    }

    /**
     * Sets the capacity of the queue of waiting tasks.
     *
     * @param tasks how many tasks; by default 100,000
     * @param bytes their total size; by default a quarter of this JVM's maximum heap
     * @return this
     */
    public Builder queueCapacity(int tasks, long bytes) {
      if (tasks < 1) {
        throw new IllegalArgumentException("tasks must be at least 1, not " + tasks);
      }
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes must be positive, not " + bytes);
      }
      queueTasks = tasks;
      queueBytes = bytes;
      return this;
    }

    /**
     * Sets what happens to a task for which the queue has no room.
     *
     * @param policy by default {@link WhenFull#BLOCK}
     * @return this
     */
    public Builder whenFull(WhenFull policy) {
      whenFull = Objects.requireNonNull(policy, "whenFull must not be null");
      return this;
    }

    /**
     * Packs tasks that are submitted together into one task of Spark's.
     *
     * @param maxBatch how many at most; by default 1
     * @param maxDelay how long a task may wait for others
     * @return this
     */
    public Builder batch(int maxBatch, Duration maxDelay) {
      if (maxBatch < 1) {
        throw new IllegalArgumentException("maxBatch must be at least 1, not " + maxBatch);
      }
      if (Objects.requireNonNull(maxDelay, "maxDelay must not be null").isNegative()) {
        throw new IllegalArgumentException("maxDelay must not be negative: " + maxDelay);
      }
      this.maxBatch = maxBatch;
      this.maxDelay = maxDelay;
      return this;
    }

    /**
     * Sets whether the executors are sent what is on this JVM's class path and not on theirs.
     *
     * @param ship by default true
     * @return this
     */
    public Builder shipClassPath(boolean ship) {
      shipClassPath = ship;
      return this;
    }

    /**
     * Returns a new executor.
     *
     * @return the executor
     */
    public SparkExecutor build() {
      var context = given != null ? given : OwnContext.start(configuration, cancelGrace);
      var pool =
          new SparkPool(
              new ClusterSettings(
                  taskTimeout,
                  cancelGrace,
                  startTimeout,
                  queueTasks,
                  queueBytes,
                  whenFull,
                  maxBatch,
                  maxDelay,
                  shipClassPath,
                  slots),
              context);
      new Dispatcher(pool, given == null).start();
      return new SparkExecutor(pool);
    }

    /** Sets how many tasks of Spark's may be outstanding, so that a test knows what waits. */
    Builder slots(int n) {
      slots = n;
      return this;
    }

    private static Duration positive(Duration duration, String what) {
      if (!Objects.requireNonNull(duration, what + " must not be null").isPositive()) {
        throw new IllegalArgumentException(what + " must be positive, not " + duration);
      }
      return duration;
    }
  }
}
