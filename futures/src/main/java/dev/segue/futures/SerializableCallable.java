package dev.segue.futures;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Callable} that can travel to another process.
 *
 * <p>A lambda or method reference passed where this type is expected is compiled as serializable,
 * with no cast at the call site.
 *
 * @param <T> the result
 */
@FunctionalInterface
public interface SerializableCallable<T extends @Nullable Object>
    extends Callable<T>, Serializable {
  /**
   * Returns the body unchanged; gives a lambda this type where the target type alone would not, as
   * in a list for {@code invokeAll}.
   *
   * @param <T> the result
   * @param body a lambda or method reference
   * @return {@code body}
   */
  static <T extends @Nullable Object> SerializableCallable<T> of(SerializableCallable<T> body) {
    return body;
  }
}
