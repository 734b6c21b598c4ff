package dev.segue.inspect;

import dev.segue.futures.SizedExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An executor that passes all on to another one, and has it recorded. */
final class RecordedExecutor implements SizedExecutor {
  private final ExecutorService executor;
  private final PoolRecorder recorder;

  RecordedExecutor(ExecutorService executor, PoolRecorder recorder) {
    this.executor = executor;
    this.recorder = recorder;
  }

  @Override
  public int tasksToKeepBusy() {
    return SizedExecutor.tasksToKeepBusy(executor);
  }

  // --- the bodies, on the threads of the executor

  private <T extends @Nullable Object> Callable<T> recorded(long task, Callable<T> body) {
    return () -> {
      recorder.given(task, PoolRecorder.nameOf(Thread.currentThread()));
      T result;
      try {
        result = body.call();
      } catch (Throwable thrown) {
        recorder.ended(task, Future.State.FAILED);
        throw thrown;
      }
      recorder.ended(task, Future.State.SUCCESS);
      return result;
    };
  }

  private Runnable recorded(long task, Runnable body) {
    return () -> {
      recorder.given(task, PoolRecorder.nameOf(Thread.currentThread()));
      try {
        body.run();
      } catch (Throwable thrown) {
        recorder.ended(task, Future.State.FAILED);
        throw thrown;
      }
      recorder.ended(task, Future.State.SUCCESS);
    };
  }

  // --- the submissions

  private <F extends Future<?>> F submit(Function<Long, F> submission) {
    long task = recorder.submitted();
    F future;
    try {
      future = submission.apply(task);
    } catch (Throwable thrown) {
      recorder.refused(task);
      throw thrown;
    }
    recorder.hasFuture(task, future);
    return future;
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Callable<T> task) {
    Objects.requireNonNull(task, "task must not be null");
    return submit(number -> executor.submit(recorded(number, task)));
  }

  @Override
  public <T extends @Nullable Object> Future<T> submit(Runnable task, T result) {
    Objects.requireNonNull(task, "task must not be null");
    return submit(number -> executor.submit(recorded(number, task), result));
  }

  @Override
  public Future<?> submit(Runnable task) {
    Objects.requireNonNull(task, "task must not be null");
    return submit(number -> executor.submit(recorded(number, task)));
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command must not be null");
    long task = recorder.submitted();
    try {
      executor.execute(recorded(task, command));
    } catch (Throwable thrown) {
      recorder.refused(task);
      throw thrown;
    }
  }

  private <T extends @Nullable Object> List<Callable<T>> recorded(
      Collection<? extends Callable<T>> tasks) {
    var all = new ArrayList<Callable<T>>();
    for (var task : tasks) {
      Objects.requireNonNull(task, "task must not be null");
    }
    for (var task : tasks) {
      all.add(recorded(recorder.submitted(), task));
    }
    return all;
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks) throws InterruptedException {
    return executor.invokeAll(recorded(tasks));
  }

  @Override
  public <T extends @Nullable Object> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return executor.invokeAll(recorded(tasks), timeout, unit);
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return executor.invokeAny(recorded(tasks));
  }

  @Override
  public <T extends @Nullable Object> T invokeAny(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return executor.invokeAny(recorded(tasks), timeout, unit);
  }

  // --- the rest

  @Override
  public void shutdown() {
    executor.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return executor.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return executor.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return executor.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return executor.awaitTermination(timeout, unit);
  }

  @Override
  public void close() {
    executor.close();
  }

  @Override
  public String toString() {
    return "recorded " + executor;
  }
}
