package dev.segue.compare;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.segue.compare.Finding.Kind;
import dev.segue.futures.TaskNotSerializableException;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import dev.segue.inspect.Recorder;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** The executors of a cluster, which are there from the start. */
final class ClusterRunner implements Runner {
  /** What a cluster has beyond the time-out to stop a job. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final long timeout;
  private final ClusterProvider.Cluster cluster;

  ClusterRunner(Message.Setup setup) throws InterruptedException {
    this.timeout = setup.timeout().toNanos();
    var provider =
        ServiceLoader.load(ClusterProvider.class)
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException("no cluster's library is on the class path"));
    try {
      this.cluster =
          provider.open(Objects.requireNonNull(setup.master()), setup.workers(), setup.timeout());
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the cluster cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public void run(Turn turn, @Nullable Recorder recorder) throws InterruptedException {
    var futures = new ArrayList<Future<?>>();
    var ends = new AtomicLongArray(turn.size());
    turn.begin();
    turn.feed(job -> {
      var future = cluster.executor().submit(turn.job(job));
      futures.add(future);
      if (future instanceof WorkFuture<?> work) {
        work.whenDone(() -> ends.set(job, System.nanoTime()));
      }
    });
    long limit = System.nanoTime() + timeout + GRACE.toNanos();
    for (int job = 0; job < futures.size(); job++) {
      end(turn, job, futures.get(job), ends, limit);
    }
    turn.await();
  }

  private static void end(Turn turn, int job, Future<?> future, AtomicLongArray ends, long limit)
      throws InterruptedException {
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
    long noted = ends.get(job); // 0 if whoever waits for the future was faster
    turn.ended(job, result, failure, noted == 0 ? System.nanoTime() : noted);
  }

  @Override
  public Message.Problem problem(String job, Throwable failure, Turn turn) {
    return switch (failure) {
      case TaskNotSerializableException e ->
          new Message.Problem(
              Kind.NOT_SERIALIZABLE,
              job + " cannot be sent to a cluster: " + e.getMessage() + ".",
              null);
      case NotSerializableException e ->
          new Message.Problem(
              Kind.NOT_SERIALIZABLE,
              "the result of " + job + " cannot be sent back from the cluster: " + e.getMessage(),
              null);
      case WorkerLostException e ->
          new Message.Problem(
              e.stderrTail().stream().anyMatch(line -> line.contains("java.lang.OutOfMemoryError"))
                  ? Kind.OUT_OF_MEMORY
                  : Kind.JVM_ENDED,
              job + " ended the executors that ran it: " + e.getMessage(),
              null);
      case TimeoutException _ when turn.wall() >= timeout ->
          new Message.Problem(
              Kind.TIMED_OUT,
              job
                  + " did not end within "
                  + Times.text(Duration.ofNanos(timeout))
                  + ", and the cluster has stopped it: it was interrupted, and its executor killed"
                  + " if that did not help. The other jobs went on.",
              null);
      default -> Runner.super.problem(job, failure, turn);
    };
  }

  @Override
  public long processorElsewhere() {
    var elsewhere = cluster.processorTimeElsewhere();
    return elsewhere == null ? 0 : elsewhere.toNanos();
  }
}
