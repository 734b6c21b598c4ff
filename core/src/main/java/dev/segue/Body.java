package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * A body with a result, which may throw {@code X}.
 *
 * <p>{@code X} is inferred from the body, so that a caller has to handle exactly what the body
 * throws, and nothing where it throws nothing.
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
   */
  T call() throws X;
}
