package dev.segue.compare;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.segue.compare.Finding.Kind;
import dev.segue.futures.PoolInstrument;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkerLostException;
import dev.segue.inspect.Recorder;
import dev.segue.process.ProcessPoolExecutor;
import java.io.NotSerializableException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A pool of worker processes, which are there from the start. */
final class ProcessRunner implements Runner {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final int workers;
  private final long timeout;
  private final Ends ends = new Ends();
  private final ProcessPoolExecutor pool;

  ProcessRunner(Message.Setup setup) throws InterruptedException {
    this.workers = setup.workers();
    this.timeout = setup.timeout().toNanos();
    this.pool =
        ProcessPoolExecutor.builder()
            .maxWorkers(workers)
            .taskTimeout(setup.timeout())
            .cancelGrace(GRACE)
            .outputTo(new Nowhere(), System.err)
            .instrument(ends)
            .build();
    awaitWorkers();
  }

  private void awaitWorkers() throws InterruptedException {
    var first = new ArrayList<Future<?>>();
    for (int i = 0; i < workers; i++) {
      first.add(pool.submit(() -> {}));
    }
    for (var each : first) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("no worker could be started: " + e.getMessage(), e);
      }
    }
    while (pool.workers().stream().filter(each -> each.state().equals("idle")).count() < workers) {
      Thread.sleep(1);
    }
  }

  @Override
  public void run(Turn turn, @Nullable Recorder recorder) throws InterruptedException {
    ends.begin(turn.size(), recorder);
    var futures = new ArrayList<Future<?>>();
    turn.begin();
    turn.feed(job -> {
      var name = TaskOptions.named("job " + (job + 1));
      futures.add(pool.submit(name, (SerializableCallable<?>) turn.job(job)));
    });
    long limit = System.nanoTime() + timeout + 2 * GRACE.toNanos();
    for (int job = 0; job < futures.size(); job++) {
      end(turn, job, futures.get(job), limit);
    }
    turn.await();
    ends.begin(0, null);
  }

  private void end(Turn turn, int job, Future<?> future, long limit) throws InterruptedException {
    Object result = null;
    Throwable failure = null;
    try {
      result = future.get(Math.max(0, limit - System.nanoTime()), NANOSECONDS);
    } catch (ExecutionException e) {
      failure = e.getCause() == null ? e : e.getCause();
    } catch (CancellationException e) {
      failure = e;
    } catch (TimeoutException e) {
      future.cancel(true);
      failure = e;
    }
    turn.ended(job, result, failure, ends.of(job));
  }

  @Override
  public Message.Problem problem(String job, Throwable failure, Turn turn) {
    return switch (failure) {
      case TaskNotSerializableException e ->
          new Message.Problem(
              Kind.NOT_SERIALIZABLE,
              job + " cannot be sent to a worker process: " + e.getMessage() + ".",
              null);
      case NotSerializableException e ->
          new Message.Problem(
              Kind.NOT_SERIALIZABLE,
              "the result of "
                  + job
                  + " cannot be sent back from its worker process: "
                  + e.getMessage(),
              null);
      case WorkerLostException e -> lost(job, e);
      case TimeoutException _ when turn.wall() >= timeout ->
          new Message.Problem(
              Kind.TIMED_OUT,
              job
                  + " did not end within "
                  + Times.text(Duration.ofNanos(timeout))
                  + ", and the pool has stopped it: its worker was interrupted, and killed if that"
                  + " did not help. The other jobs went on.",
              null);
      default -> Runner.super.problem(job, failure, turn);
    };
  }

  private static Message.Problem lost(String job, WorkerLostException lost) {
    boolean full =
        lost.stderrTail().stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"));
    return full
        ? new Message.Problem(
            Kind.OUT_OF_MEMORY,
            job + " filled the heap of its worker process, which ended. The other jobs went on.",
            null)
        : new Message.Problem(
            Kind.JVM_ENDED,
            job
                + " ended its worker process (exit code "
                + lost.exitCode().orElse(-1)
                + "). The other jobs went on.",
            null);
  }

  /** What a worker does to tell its heap; so long that no worker does it twice. */
  private static long[] heap() throws InterruptedException {
    System.gc();
    Thread.sleep(20);
    return new long[] {
      ProcessHandle.current().pid(),
      ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
    };
  }

  @Override
  public long workersHeap() throws InterruptedException {
    var asked = new ArrayList<Future<long[]>>();
    for (int i = 0; i < workers; i++) {
      asked.add(pool.submit(ProcessRunner::heap));
    }
    var byWorker = new HashMap<Long, Long>();
    for (var each : asked) {
      try {
        var answer = each.get();
        byWorker.put(answer[0], answer[1]);
      } catch (ExecutionException _) {
        // that worker is gone; the others tell
      }
    }
    return (long) byWorker.values().stream().mapToLong(bytes -> bytes).average().orElse(0);
  }

  /**
   * Notes when each job has ended, where the pool learns of it; and passes all on to a recorder.
   */
  private static final class Ends implements PoolInstrument {
    private volatile PoolInstrument also = new PoolInstrument() {};
    private volatile AtomicLongArray ends = new AtomicLongArray(0);
    private long submitted; // by the one thread that submits
    private volatile long before; // those of earlier turns

    void begin(int jobs, @Nullable Recorder recorder) {
      also =
          recorder == null
              ? new PoolInstrument() {}
              : recorder.forNewPool(Model.PROCESS_POOL.title());
      ends = new AtomicLongArray(jobs);
      before = submitted;
    }

    /**
     * When a job of this turn ended. Its future is done, so it is being noted if it has not been.
     */
    long of(int job) {
      long noted;
      while ((noted = ends.get(job)) == 0) {
        LockSupport.parkNanos(1_000);
      }
      return noted;
    }

    @Override
    public void submitted(long task, String name, long bytes) {
      submitted = task;
      also.submitted(task, name, bytes);
    }

    @Override
    public void given(long task, String worker, long pid) {
      also.given(task, worker, pid);
    }

    @Override
    public void ended(long task, Future.State how) {
      long now = System.nanoTime();
      also.ended(task, how);
      var its = ends;
      long job = task - before - 1;
      if (job >= 0 && job < its.length()) {
        its.set((int) job, now);
      }
    }

    @Override
    public void workerStarted(String worker) {
      also.workerStarted(worker);
    }

    @Override
    public void workerEnded(String worker) {
      also.workerEnded(worker);
    }
  }

  /** Where the output of the jobs goes. */
  private static final class Nowhere implements Appendable {
    @Override
    public Appendable append(CharSequence text) {
      return this;
    }

    @Override
    public Appendable append(CharSequence text, int from, int to) {
      return this;
    }

    @Override
    public Appendable append(char c) {
      return this;
    }
  }
}
