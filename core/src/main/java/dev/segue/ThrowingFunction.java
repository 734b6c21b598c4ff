package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * A function that may throw a checked exception.
 *
 * @param <A> the argument
 * @param <R> the result
 */
@FunctionalInterface
public interface ThrowingFunction<A extends @Nullable Object, R extends @Nullable Object> {
  /**
   * Applies this function.
   *
   * @param argument the argument
   * @return the result
   * @throws Exception whatever the function throws
   */
  R apply(A argument) throws Exception;
}
