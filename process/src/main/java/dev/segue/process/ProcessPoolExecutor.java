package dev.segue.process;

import dev.segue.futures.PoolInstrument;
import dev.segue.futures.RemoteException;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.SizedExecutor;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WhenFull;
import dev.segue.futures.WorkerLostException;
import dev.segue.futures.internal.Invocations;
import java.io.ObjectInputFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ExecutorService} whose workers are separate JVMs, so that any task can be stopped, and
 * one that crashes, hangs or exhausts its heap harms nothing else.
 *
 * <p>The counterpart of Python's {@code concurrent.futures.ProcessPoolExecutor}. Workers run the
 * same {@code java} with the same class path, are started on demand, and run one task at a time,
 * always on the same thread.
 *
 * <p><b>Serialization.</b> A task and everything that it captures is copied to the worker at {@code
 * submit}, and its result is copied back. Lambdas and method references passed to this type's own
 * methods are serializable without a cast. What cannot be serialized is rejected at once with a
 * {@link TaskNotSerializableException}.
 *
 * <p><b>Failures.</b> What a task throws comes back, with the stack trace of the worker, as the
 * cause of an {@link ExecutionException}; an exception that is not serializable comes back as a
 * {@link RemoteException}. If a worker dies, only the task that it was running fails, with a {@link
 * WorkerLostException}: the worker is replaced, and all other tasks go on.
 *
 * <p><b>Cancelling.</b> {@code cancel(true)} and a time-out interrupt the task, and kill its worker
 * after {@link Builder#cancelGrace}. Processes that the task has started end with it: those that it
 * leaves behind when it ends by itself are asked to end, and killed half a second later; the others
 * are killed with the worker. A task that is not stopped may leave processes behind, which go on
 * until its worker ends. As with any future, a cancelled one is done at once; its {@link
 * dev.segue.futures.WorkFuture#ended() ended()} tells when the work has ended too.
 *
 * <p><b>Callbacks.</b> What is called at the end of a future ({@link
 * dev.segue.futures.WorkFuture#whenDone whenDone}, {@link dev.segue.futures.WorkFuture#ended()
 * ended()}) may block, or submit further tasks: it runs on a thread of the pool that has nothing
 * else to do, or on the thread that cancels the future. The callbacks of one future run one after
 * the other, those of several may run at the same time; up to 64 may block. The pool terminates
 * after the last of them, so none may wait for that.
 *
 * <p>All methods may be called from any thread. A pool keeps the JVM alive until it is shut down.
 * If the JVM ends without that, for whatever reason, its workers end with it.
 */
public final class ProcessPoolExecutor implements SizedExecutor {
  private final Pool pool;

  private ProcessPoolExecutor(Settings settings) {
    this.pool = new Pool(settings);
  }

  /**
   * Returns a builder with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Submits a task.
   *
   * @param <T> the result
   * @param task the task, copied now
   * @return its future, also a {@link dev.segue.futures.WorkFuture}
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full (see {@link
   *     WhenFull})
   */
  public <T extends @Nullable Object> Future<T> submit(SerializableCallable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  /**
   * Submits a task without a result.
   *
   * @param task the task, copied now
   * @return its future, which ends with null
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full
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
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full
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
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full
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
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full
   */
  public Future<?> submit(TaskOptions options, SerializableRunnable task) {
    return pool.<@Nullable Void>submit(options, task, null);
  }

  /**
   * Runs a task. What it throws goes to the uncaught exception handler of one of the pool's
   * threads, as in a thread pool.
   *
   * @param task the task, copied now
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   * @throws RejectedExecutionException if the pool is shut down, or its queue is full
   */
  public void execute(SerializableRunnable task) {
    pool.execute(task);
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized, such
   *     as a lambda that was declared as a plain {@code Callable}
   */
  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    return pool.submit(TaskOptions.DEFAULT, task);
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   */
  @Override
  public Future<?> submit(Runnable task) {
    return pool.<@Nullable Void>submit(TaskOptions.DEFAULT, task, null);
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   */
  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    return pool.submit(TaskOptions.DEFAULT, task, result);
  }

  /**
   * {@inheritDoc}
   *
   * @throws TaskNotSerializableException if the task or what it captures cannot be serialized
   */
  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /** Returns two for each worker, as far as the queue has room for them. */
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

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Running tasks are interrupted, and their workers killed after {@link Builder#cancelGrace}.
   * No worker has started the tasks that are returned. To run one runs it in this JVM, and
   * completes its future.
   */
  @Override
  public List<Runnable> shutdownNow() {
    return pool.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  /** {@inheritDoc} Terminated means that no process of the pool is left. */
  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(unit.toNanos(timeout));
  }

  /**
   * Kills every worker at once and shuts the pool down. Running tasks fail with a {@link
   * WorkerLostException}, waiting ones are cancelled. Like Python 3.14's {@code kill_workers}.
   */
  public void killWorkers() {
    pool.killWorkers();
  }

  /**
   * Returns what each worker is doing now.
   *
   * @return one entry for each living worker, the oldest first
   */
  public List<WorkerInfo> workers() {
    return pool.workers();
  }

  /**
   * Returns how many tasks wait for a worker: not those that were sent ahead to a busy one.
   *
   * @return the number now
   */
  public int queuedTasks() {
    return pool.queuedTasks();
  }

  /**
   * Returns how many workers have ended while they had a task: they crashed, were killed from
   * outside, or by the pool because the task did not end in time. A task that such a worker was
   * running fails with a {@link WorkerLostException}, unless it may be retried.
   *
   * @return the number since the pool was made
   */
  public long lostWorkers() {
    return pool.lostWorkers();
  }

  @Override
  public String toString() {
    return pool.toString();
  }

  /**
   * What one worker is doing.
   *
   * @param name the worker's name, which precedes each line that it prints
   * @param pid its process
   * @param state {@code starting}, {@code idle}, {@code busy} or {@code stopping}
   * @param tasksDone how many tasks it has finished
   * @param currentTask the name of the task that it is running; empty if there is none
   * @param usedBytes its resident memory; -1 if it is unknown
   */
  public record WorkerInfo(
      String name, long pid, String state, long tasksDone, String currentTask, long usedBytes) {}

  /** Sets the options of a pool that is to be built. Not safe for use by several threads. */
  public static final class Builder {
    private int maxWorkers = Runtime.getRuntime().availableProcessors();
    private int maxTasksPerWorker = Integer.MAX_VALUE;
    private @Nullable Duration taskTimeout;
    private Duration cancelGrace = Duration.ofSeconds(2);
    private Duration startTimeout = Duration.ofSeconds(60);
    private @Nullable Duration idleTimeout;
    private @Nullable SerializableRunnable initializer;
    private long workerHeap;
    private List<String> jvmArgs = List.of();
    private @Nullable List<Path> classPath;
    private final Map<String, @Nullable String> environment = new LinkedHashMap<>();
    private final Set<String> systemProperties = new LinkedHashSet<>();
    private @Nullable Path workingDirectory;
    private int queueTasks = 100_000;
    private long queueBytes = Runtime.getRuntime().maxMemory() / 4;
    private WhenFull whenFull = WhenFull.BLOCK;
    private @Nullable ObjectInputFilter filter;
    private Appendable output = System.out;
    private Appendable errors = System.err;
    private PoolInstrument instrument = PoolInstruments.NONE;

    private Builder() {}

    /**
     * Sets how many workers there may be.
     *
     * @param n at least 1; by default the number of processors
     * @return this
     */
    public Builder maxWorkers(int n) {
      maxWorkers = positive(n, "maxWorkers");
      return this;
    }

    /**
     * Sets after how many tasks a worker is replaced, which limits leaks. Its replacement starts
     * while the last task is still running.
     *
     * @param n at least 1; by default there is no limit
     * @return this
     */
    public Builder maxTasksPerWorker(int n) {
      maxTasksPerWorker = positive(n, "maxTasksPerWorker");
      return this;
    }

    /**
     * Sets how long a task may run, from its start. One that takes longer fails with a {@link
     * TimeoutException} and is interrupted; its worker is killed after {@link #cancelGrace}.
     *
     * @param timeout positive; by default there is no limit
     * @return this
     */
    public Builder taskTimeout(Duration timeout) {
      taskTimeout = positive(timeout, "taskTimeout");
      return this;
    }

    /**
     * Sets how long an interrupted task has to end before its worker is killed.
     *
     * @param grace zero to kill at once; by default 2 seconds
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
     * Sets how long a worker may take until it is ready, its initializer included, before it is
     * killed and the start counts as failed.
     *
     * @param timeout positive; by default 60 seconds
     * @return this
     */
    public Builder startTimeout(Duration timeout) {
      startTimeout = positive(timeout, "startTimeout");
      return this;
    }

    /**
     * Sets how long a worker may be idle before it is ended.
     *
     * @param timeout positive; by default idle workers stay
     * @return this
     */
    public Builder idleTimeout(Duration timeout) {
      idleTimeout = positive(timeout, "idleTimeout");
      return this;
    }

    /**
     * Sets what each worker runs before its first task. If it throws, the start has failed; after
     * three failed starts in a row the waiting tasks fail.
     *
     * @param body a lambda or method reference
     * @return this
     */
    public Builder initializer(SerializableRunnable body) {
      initializer = Objects.requireNonNull(body, "initializer must not be null");
      return this;
    }

    /**
     * Sets the largest heap of a worker.
     *
     * @param bytes at least 8 MiB; by default the JVM's own choice
     * @return this
     */
    public Builder workerHeap(long bytes) {
      if (bytes < 8 << 20) {
        throw new IllegalArgumentException("workerHeap must be at least 8 MiB, not " + bytes);
      }
      workerHeap = bytes;
      return this;
    }

    /**
     * Sets further options for the workers' JVMs. They replace those of the pool on the same
     * subject, such as another garbage collector.
     *
     * @param args options as {@code java} takes them
     * @return this
     * @throws IllegalArgumentException if one is no option, or contains the character 0
     */
    public Builder jvmArgs(String... args) {
      var before = "";
      for (var arg : args) {
        refuseZero("an option", arg);
        // A separate value may follow an option; java would run anything else as the main class.
        if (!arg.startsWith("-") && !arg.startsWith("@") && !before.startsWith("-")) {
          throw new IllegalArgumentException(
              "jvmArgs takes options, which begin with - or @, not \"" + arg + "\"");
        }
        before = arg;
      }
      jvmArgs = List.of(args);
      return this;
    }

    /**
     * Sets the workers' class path in place of this JVM's.
     *
     * @param entries jars and folders, Segue's among them
     * @return this
     */
    public Builder classPath(List<Path> entries) {
      classPath = List.copyOf(entries);
      return this;
    }

    /**
     * Sets a variable of the workers' environment, which otherwise is this JVM's.
     *
     * @param name the variable
     * @param value its value; null to remove it
     * @return this
     * @throws IllegalArgumentException if no process can have it: if the name is empty or contains
     *     {@code =}, or either contains the character 0
     */
    public Builder environment(String name, @Nullable String value) {
      Objects.requireNonNull(name, "name must not be null");
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw new IllegalArgumentException(
            "the name of a variable must not be empty or contain =, and this one is \""
                + name
                + "\": pass name and value separately");
      }
      refuseZero("the name of a variable", name);
      if (value != null) {
        refuseZero("the value of " + name, value);
      }
      environment.put(name, value);
      return this;
    }

    /**
     * Names system properties of this JVM that workers inherit, with their values at the worker's
     * start. Encodings, locale and time zone are always inherited.
     *
     * @param names the properties
     * @return this
     */
    public Builder systemProperties(String... names) {
      systemProperties.addAll(List.of(names));
      return this;
    }

    /**
     * Sets the workers' working directory.
     *
     * @param folder an existing folder; by default this JVM's
     * @return this
     */
    public Builder workingDirectory(Path folder) {
      workingDirectory = Objects.requireNonNull(folder, "workingDirectory must not be null");
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
      queueTasks = positive(tasks, "tasks");
      if (bytes < 1) {
        throw new IllegalArgumentException("bytes must be positive, not " + bytes);
      }
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
     * Sets a filter for the classes of results and exceptions from workers. It protects against
     * mistakes, not against task code, which is trusted.
     *
     * @param allow the filter; by default any class of the class path
     * @return this
     */
    public Builder filter(ObjectInputFilter allow) {
      filter = Objects.requireNonNull(allow, "filter must not be null");
      return this;
    }

    /**
     * Sets where the workers' output goes: line by line, each line after the worker's name. Calls
     * come one at a time, from threads of the pool.
     *
     * @param output for their standard output; by default {@link System#out}
     * @param errors for their standard error; by default {@link System#err}
     * @return this
     */
    public Builder outputTo(Appendable output, Appendable errors) {
      this.output = Objects.requireNonNull(output, "output must not be null");
      this.errors = Objects.requireNonNull(errors, "errors must not be null");
      return this;
    }

    /**
     * Sets an observer of the pool's tasks and workers; none by default.
     *
     * @param instrument the observer
     * @return this
     */
    public Builder instrument(PoolInstrument instrument) {
      this.instrument = Objects.requireNonNull(instrument, "instrument must not be null");
      return this;
    }

    /**
     * Returns a new pool. Its first worker starts with the first task.
     *
     * @return the pool
     * @throws TaskNotSerializableException if the initializer cannot be serialized
     * @throws IllegalStateException if workers could not load this program's classes; the message
     *     says why, and what to do
     */
    public ProcessPoolExecutor build() {
      return new ProcessPoolExecutor(
          new Settings(
              maxWorkers,
              maxTasksPerWorker,
              taskTimeout,
              cancelGrace,
              startTimeout,
              idleTimeout,
              initializer,
              workerHeap,
              jvmArgs,
              classPath,
              new LinkedHashMap<>(environment),
              new ArrayList<>(systemProperties),
              workingDirectory,
              queueTasks,
              queueBytes,
              whenFull,
              filter,
              output,
              errors,
              instrument));
    }

    private static void refuseZero(String what, String text) {
      int zero = text.indexOf('\0');
      if (zero >= 0) {
        throw new IllegalArgumentException(
            what + " must not contain the character 0, which ends it: it is at index " + zero);
      }
    }

    private static int positive(int n, String what) {
      if (n < 1) {
        throw new IllegalArgumentException(what + " must be at least 1, not " + n);
      }
      return n;
    }

    private static Duration positive(Duration duration, String what) {
      if (!Objects.requireNonNull(duration, what + " must not be null").isPositive()) {
        throw new IllegalArgumentException(what + " must be positive, not " + duration);
      }
      return duration;
    }
  }
}
