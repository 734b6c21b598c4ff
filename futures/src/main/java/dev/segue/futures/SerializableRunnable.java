package dev.segue.futures;

import java.io.Serializable;

/**
 * A {@link Runnable} that can travel to another process.
 *
 * <p>A lambda or method reference passed where this type is expected is compiled as serializable,
 * with no cast at the call site.
 */
@FunctionalInterface
public interface SerializableRunnable extends Runnable, Serializable {}
