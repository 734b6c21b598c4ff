package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * What a task ended as: a value, a failure or a cancellation.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T extends @Nullable Object> {
  /**
   * The task returned.
   *
   * @param <T> the type of the value
   * @param value what it returned
   */
  record Success<T extends @Nullable Object>(T value) implements Outcome<T> {}

  /**
   * The task threw.
   *
   * @param <T> the type the value would have had
   * @param cause what it threw, unwrapped
   */
  record Failure<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {}

  /**
   * The task was cancelled, and ended because of it.
   *
   * @param <T> the type the value would have had
   * @param cause who cancelled it, why, and where
   */
  record Cancellation<T extends @Nullable Object>(Cancelled cause) implements Outcome<T> {}
}
