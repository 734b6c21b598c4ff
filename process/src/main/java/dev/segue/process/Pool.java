package dev.segue.process;

import dev.segue.process.ProcessPoolExecutor.TaskOptions;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Stub. */
final class Pool {
  Pool(Settings settings) {}

  <T extends @Nullable Object> Future<T> submit(TaskOptions options, Callable<T> task) {
    return new java.util.concurrent.FutureTask<>(task);
  }

  <T extends @Nullable Object> Future<T> submit(TaskOptions options, Runnable task, T result) {
    return new java.util.concurrent.FutureTask<>(task, result);
  }

  void execute(Runnable task) {}

  void shutdown() {}

  List<Runnable> shutdownNow() {
    return List.of();
  }

  boolean isShutdown() {
    return true;
  }

  boolean isTerminated() {
    return true;
  }

  boolean awaitTermination(long nanos) throws InterruptedException {
    return true;
  }

  void killWorkers() {}

  List<WorkerInfo> workers() {
    return List.of();
  }

  @Override
  public String toString() {
    return "stub";
  }
}
