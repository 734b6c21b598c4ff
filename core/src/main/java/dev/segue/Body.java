package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * A body with a result, which may throw {@code X}.
 *
 * <p>{@code X} is inferred from the body, so that a caller has to handle exactly what the body
 * throws, and nothing where it throws nothing. An {@link InterruptedException} is not part of it:
 * one that leaves the body is the cancel that interrupted the task, and the caller gets {@link
 * Cancelled}. If something outside Segue interrupted the thread, the task is cancelled.
 *
 * @param <T> the result
 * @param <X> what the body may throw
 */
@FunctionalInterface
public interface Body<T extends @Nullable Object, X extends Throwable> {
  /**
   * Runs the body.
   *
   * @return the body's result
   * @throws X whatever the body throws
   * @throws InterruptedException if the thread is interrupted
   */
  T call() throws X, InterruptedException;
}
