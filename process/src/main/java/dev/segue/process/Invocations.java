package dev.segue.process;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Stub. */
final class Invocations {
  private Invocations() {}

  static <T extends @Nullable Object> List<Future<T>> all(
      ProcessPoolExecutor executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  static <T extends @Nullable Object> List<Future<T>> all(
      ProcessPoolExecutor executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  static <T extends @Nullable Object> T any(
      ProcessPoolExecutor executor, Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    throw new UnsupportedOperationException();
  }

  static <T extends @Nullable Object> T any(
      ProcessPoolExecutor executor, Collection<? extends Callable<T>> tasks, long nanos)
      throws InterruptedException, ExecutionException, TimeoutException {
    throw new UnsupportedOperationException();
  }
}
