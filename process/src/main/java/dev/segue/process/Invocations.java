package dev.segue.process;

import dev.segue.WorkFuture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code invokeAll} and {@code invokeAny} of an executor whose tasks travel: {@link
 * java.util.concurrent.AbstractExecutorService} would wrap them in what does not.
 */
final class Invocations {
  private static final long FOR_EVER = Long.MAX_VALUE;

  private Invocations() {}

  static <T extends @Nullable Object> List<Future<T>> all(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return all(executor, tasks, FOR_EVER);
  }

  static <T extends @Nullable Object> List<Future<T>> all(
      ExecutorService executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException {
    long limit = Math.max(0, nanos);
    long start = System.nanoTime();
    var futures = new ArrayList<Future<T>>(checked(tasks).size());
    boolean finished = false;
    try {
      for (var task : tasks) {
        futures.add(executor.submit(task));
      }
      for (var future : futures) {
        if (!awaitEnd(future, limit - (System.nanoTime() - start))) {
          cancel(futures);
          break;
        }
      }
      finished = true;
      return futures;
    } finally {
      if (!finished) {
        cancel(futures);
      }
    }
  }

  static <T extends @Nullable Object> T any(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return any(executor, tasks, FOR_EVER);
    } catch (TimeoutException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Submits all at once: a process pool bounds what runs by its workers. */
  static <T extends @Nullable Object> T any(
      ExecutorService executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    long limit = Math.max(0, nanos);
    long start = System.nanoTime();
    if (checked(tasks).isEmpty()) {
      throw new IllegalArgumentException("tasks must not be empty");
    }
    var futures = new ArrayList<Future<T>>(tasks.size());
    try {
      var ends = new LinkedBlockingQueue<Future<T>>();
      for (var task : tasks) {
        var future = executor.submit(task);
        futures.add(future);
        var _ = ((WorkFuture<T>) future).ended().thenRun(() -> ends.add(future));
      }
      ExecutionException lastFailure = null;
      for (int left = tasks.size(); left > 0; left--) {
        var ended = ends.poll(limit - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
        if (ended == null) {
          throw new TimeoutException("no task succeeded in time");
        }
        try {
          return ended.get();
        } catch (ExecutionException e) {
          lastFailure = e;
        } catch (CancellationException e) {
          lastFailure = new ExecutionException(e);
        }
      }
      throw Objects.requireNonNull(lastFailure);
    } finally {
      cancel(futures);
    }
  }

  private static <T extends @Nullable Object> Collection<? extends Callable<T>> checked(
      Collection<? extends Callable<T>> tasks) {
    Objects.requireNonNull(tasks, "tasks must not be null");
    for (var task : tasks) {
      Objects.requireNonNull(task, "tasks must not contain null");
    }
    return tasks;
  }

  /** Returns whether the future was done in time, in whatever way. */
  private static boolean awaitEnd(Future<?> future, long nanos) throws InterruptedException {
    try {
      var _ = future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException _) {
      // Its owner will see how it ended.
    } catch (TimeoutException _) {
      return future.isDone();
    }
    return true;
  }

  private static void cancel(Collection<? extends Future<?>> futures) {
    for (var future : futures) {
      future.cancel(true);
    }
  }
}
