package dev.segue.futures.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code invokeAll} and {@code invokeAny} of an executor that serializes its tasks: {@link
 * java.util.concurrent.AbstractExecutorService} would wrap them in objects that are not
 * serializable.
 */
public final class Invocations {
  private static final long FOREVER = Long.MAX_VALUE;

  private Invocations() {}

  public static <T extends @Nullable Object> List<Future<T>> all(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return all(executor, tasks, FOREVER);
  }

  public static <T extends @Nullable Object> List<Future<T>> all(
      ExecutorService executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException {
    long deadline = Deadlines.in(Math.max(0, nanos));
    var futures = new ArrayList<Future<T>>(checked(tasks).size());
    boolean finished = false;
    try {
      for (var task : tasks) {
        futures.add(executor.submit(task));
      }
      for (var future : futures) {
        if (!awaitEnd(future, Deadlines.nanosUntil(deadline))) {
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

  public static <T extends @Nullable Object> T any(
      ExecutorService executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    try {
      return any(executor, tasks, FOREVER);
    } catch (TimeoutException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Submits all at once: the executor runs no more tasks than it has workers. */
  @SuppressWarnings("UndefinedEquals") // futures are compared by identity
  public static <T extends @Nullable Object> T any(
      ExecutorService executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    long deadline = Deadlines.in(Math.max(0, nanos));
    if (checked(tasks).isEmpty()) {
      throw new IllegalArgumentException("tasks must not be empty");
    }
    var futures = new ArrayList<Future<T>>(tasks.size());
    try {
      for (var task : tasks) {
        futures.add(executor.submit(task));
      }
      ExecutionException lastFailure = null;
      try (var ends = new BlockingFutureEnds<>(new LinkedHashSet<>(futures))) {
        while (ends.left() > 0) {
          var ended = ends.next(deadline);
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

  /** Returns whether the future was done in time. */
  private static boolean awaitEnd(Future<?> future, long nanos) throws InterruptedException {
    try {
      var _ = future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException _) {
      // The caller looks at the future itself.
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
