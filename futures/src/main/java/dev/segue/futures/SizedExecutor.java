package dev.segue.futures;

import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * An executor that says how many tasks keep it busy, so that {@link Futures#map} has that many
 * under way.
 */
public interface SizedExecutor extends ExecutorService {
  /**
   * Returns how many tasks keep this executor busy: those that it runs at the same time, and those
   * that should wait so that it never does. Any thread; does not block.
   *
   * @return the number now, which may change; 0 if it is not known
   */
  int tasksToKeepBusy();

  /**
   * Returns how many tasks keep an executor busy: a sized one, a {@link ForkJoinPool}, or a {@link
   * ThreadPoolExecutor} with a limit.
   *
   * @param executor the executor
   * @return the number now, which may change; 0 if it is not known
   */
  static int tasksToKeepBusy(ExecutorService executor) {
    return switch (Objects.requireNonNull(executor, "executor must not be null")) {
      case SizedExecutor sized -> sized.tasksToKeepBusy();
      case ForkJoinPool pool -> pool.getParallelism();
      case ThreadPoolExecutor pool when pool.getMaximumPoolSize() < Integer.MAX_VALUE ->
          pool.getMaximumPoolSize();
      default -> 0;
    };
  }
}
