package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * A function without a result that may throw a checked exception.
 *
 * @param <A> the argument
 */
@FunctionalInterface
public interface ThrowingConsumer<A extends @Nullable Object> {
  /**
   * Performs this function.
   *
   * @param argument the argument
   * @throws Exception whatever the function throws
   */
  void accept(A argument) throws Exception;
}
