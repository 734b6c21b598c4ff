package dev.segue.futures;

import java.io.Serializable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Function} that can travel to another process.
 *
 * <p>A lambda or method reference passed where this type is expected is compiled as serializable,
 * with no cast at the call site.
 *
 * @param <A> the argument
 * @param <R> the result
 */
@FunctionalInterface
public interface SerializableFunction<A extends @Nullable Object, R extends @Nullable Object>
    extends Function<A, R>, Serializable {}
