package dev.segue.cluster;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.SizedExecutor;
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
 * <p><b>A task may run more than once</b>, also at the same time: Spark starts it again if it loses
 * the executor that was running it, and such an executor may only have been out of reach. The
 * future ends once, with one of the results. So write tasks that may run twice. One that computes
 * needs nothing. One that writes gives what it writes a key of its own, and replaces what is there
 * under that key instead of adding to it: a file that it first writes under another name, such as
 * one with the number of {@link Attempt#current()}, and then renames; a row that it inserts or
 * updates; a request with the key as its idempotency key. A task that must not run twice is
 * submitted with {@link TaskOptions#withRetries withRetries(0)}, and fails instead.
 *
 * <p>The third of three executors that take the same tasks: a thread pool, {@link
 * dev.segue.process.ProcessPoolExecutor}, and this one for when one machine is not enough. A task
 * costs about as much as a millisecond of work, and its round trip 5 to 15 milliseconds: give it
 * more to do than that, or let {@link dev.segue.futures.Futures#map Futures.map} make chunks or
 * {@link Builder#batch} batches.
 *
 * <p><b>Serialization.</b> A task and everything that it captures is copied to the cluster at
 * {@code submit}, and its result is copied back. Lambdas and method references passed to this
 * type's own methods are serializable without a cast. What cannot be serialized is rejected at once
 * with a {@link dev.segue.futures.TaskNotSerializableException}, and so is a task that is larger
 * than a message of Spark's may be ({@code spark.rpc.message.maxSize}). Executors get what is on
 * this JVM's class path and not on theirs ({@link Builder#shipClassPath}).
 *
 * <p><b>Failures.</b> What a task throws comes back, with the stack trace of the executor, as the
 * cause of an {@link ExecutionException}, and Spark does not start the task again; an exception
 * that is not serializable comes back as a {@link dev.segue.futures.RemoteException}. If an
 * executor dies, Spark starts its tasks again elsewhere. If it was running several, each of them
 * then gets an executor to itself, so that a task that kills its JVM takes no other task along.
 * Such a task fails once {@code spark.task.maxFailures} executors (by default 4) have died while
 * they ran it alone. The failure is a {@link dev.segue.futures.WorkerLostException}, which names
 * executor, host and attempt, and has the last lines of the executor's standard error. {@link
 * TaskOptions#retries} sets another limit for one task, which counts every start.
 *
 * <p><b>Cancelling.</b> {@code cancel(true)} and a time-out interrupt the task, and end its
 * executor after {@link Builder#cancelGrace}. As with any future, a cancelled one is done at once,
 * and so is one whose time is up; its {@link dev.segue.futures.WorkFuture#ended() ended()} tells
 * when the work has ended too. In a context that was {@linkplain #on given}, the executor is ended
 * only if that context sets {@code spark.task.reaper.enabled} and {@code
 * spark.task.reaper.killTimeout}.
 *
 * <p><b>Callbacks.</b> What is called at the end of a future ({@link
 * dev.segue.futures.WorkFuture#whenDone whenDone}, {@link dev.segue.futures.WorkFuture#ended()
 * ended()}) may block, or submit further tasks: it runs on a virtual thread of its own, or on the
 * thread that cancels the future. The executor terminates after the last of them, so none may wait
 * for that.
 *
 * <p>All methods may be called from any thread. An executor keeps the JVM alive until it is shut
 * down, or its context is stopped: then every task fails, and none is taken any more.
 */
public final class SparkExecutor implements SizedExecutor {
  private final SparkPool pool;

  private SparkExecutor(SparkPool pool) {
    this.pool = pool;
  }

  /**
   * Returns a builder of an executor with a {@link SparkContext} of its own, which ends with it. A
   * JVM can have one context at a time.
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
   * Runs a task. What it throws goes to the uncaught exception handler of a thread of this JVM, as
   * in a thread pool.
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

  /**
   * {@inheritDoc}
   *
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized, such as a lambda that was declared as a plain {@code Callable}
   */
  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   */
  @Override
  public Future<?> submit(Runnable task) {
    return pool.<@Nullable Void>submit(TaskOptions.DEFAULT, task, null);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   */
  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return pool.submit(TaskOptions.DEFAULT, task, result);
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.segue.futures.TaskNotSerializableException if the task or what it captures cannot
   *     be serialized
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /**
   * Returns four for each core that the cluster has at the moment, or four {@linkplain
   * Builder#batch batches}, two of which wait; as far as the queue has room for them.
   */
  @Override
  public int tasksToKeepBusy() {
    return pool.tasksToKeepBusy();
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
   * @param jar the jar, or a folder of classes
   * @throws IllegalArgumentException if there is no such file
   */
  public void addJar(Path jar) {
    pool.shipping().addJar(Objects.requireNonNull(jar, "jar must not be null"));
  }

  /**
   * Sends classes to the executors that only this JVM has, with those that are nested in them, for
   * the tasks that are submitted from now on: what {@code java File.java} or jshell has compiled in
   * memory.
   *
   * @param classes the classes
   * @throws IllegalArgumentException if the bytes of one are nowhere to be found
   */
  public void addClasses(Class<?>... classes) {
    for (var type : Objects.requireNonNull(classes, "classes must not be null")) {
      Objects.requireNonNull(type, "classes must not contain null");
    }
    pool.shipping().addClasses(classes);
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

  /**
   * {@inheritDoc}
   *
   * <p>Running tasks are interrupted, and their executors ended after {@link Builder#cancelGrace};
   * they fail with an {@link InterruptedException}, unless they end before it reaches them. No
   * executor has started the tasks that are returned. To run one runs it in this JVM, and completes
   * its future.
   */
  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  /**
   * {@inheritDoc} Terminated means that nothing of its tasks runs any more, and that a context of
   * its own has been stopped.
   */
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
   * @param lostExecutors how many executors have ended while they had a task
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
     * <p>Some have other defaults here than in Spark. {@code spark.task.reaper.enabled} is true,
     * and {@code spark.task.reaper.killTimeout} is {@link #cancelGrace}. {@code
     * spark.driver.maxResultSize} is 0, which is no limit: Spark would count all results of a job
     * against it, although each is handed over as it comes. So that they do not fill this JVM's
     * heap, submit no more tasks at once than it has room for the results of. With a limit, a
     * single result beyond it fails its task; in a given context, where it is 1 GiB by default,
     * tasks whose results exceed it together are run again one by one.
     *
     * @param key the property
     * @param value its value
     * @return this
     * @throws IllegalStateException if the executor uses a given context
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
     * Sets how long a task may run, from when Spark sends each attempt to an executor. One that
     * takes longer fails with a {@link TimeoutException} and is interrupted; its executor is ended
     * after {@link #cancelGrace}. A {@linkplain #batch batch} that takes as long as one of its
     * tasks may is stopped, and its tasks run again one by one.
     *
     * @param timeout positive; by default there is no limit
     * @return this
     */
    public Builder taskTimeout(Duration timeout) {
      taskTimeout = positive(timeout, "taskTimeout");
      return this;
    }

    /**
     * Sets how long an interrupted task has to end before its executor is ended, with all other
     * tasks there, which are started again. For a context of this executor's own; a given one has
     * {@code spark.task.reaper.killTimeout}.
     *
     * @param grace zero to end it at once; by default 2 seconds
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
     * Sets how long tasks may wait while the cluster gives no executor at all, before they fail
     * with a {@link dev.segue.futures.WorkerLostException} that says why.
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
     * @param bytes their total size; by default a quarter of this JVM's maximum heap. A larger task
     *     is accepted when nothing else waits
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
     * Packs tasks that are submitted together into one task of Spark's, where they run one after
     * the other. Each keeps its own future, failure and cancel, and its future ends with the batch.
     * Cancelling one that may be running stops the batch, whose other tasks are run again. Tasks
     * with {@linkplain TaskOptions#retries retries} of their own are in no batch.
     *
     * @param maxBatch how many at most, and fewer if that keeps more cores busy; by default 1
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
     * Segue's own jars are sent in any case.
     *
     * @param ship by default true
     * @return this
     */
    public Builder shipClassPath(boolean ship) {
      shipClassPath = ship;
      return this;
    }

    /**
     * Returns a new executor. It has a context at once, and may have to wait for Spark's executors.
     *
     * @return the executor
     * @throws IllegalArgumentException if no cluster is set
     * @throws IllegalStateException if the given context has been stopped, if this JVM has another
     *     context already, or if the cluster cannot be reached; the message says what to do
     */
    public SparkExecutor build() {
      if (given != null && given.isStopped()) {
        throw new IllegalStateException("the SparkContext has been stopped");
      }
      var context =
          given != null ? given : OwnContext.start(configuration, cancelGrace, startTimeout);
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
