package dev.segue;

/**
 * A body without a result, which may throw {@code X}.
 *
 * <p>{@code X} is inferred from the body, so that a caller has to handle exactly what the body
 * throws, and nothing where it throws nothing.
 *
 * @param <X> what the body may throw
 */
@FunctionalInterface
public interface Action<X extends Throwable> {
  /**
   * Runs the body.
   *
   * @throws X whatever the body throws
   */
  void run() throws X;
}
