package dev.segue.futures.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Wrapping, unwrapping, describing and throwing throwables. */
@SuppressWarnings("ReferenceEquality") // a throwable is itself, whatever its equals says
public final class Failures {
  private Failures() {}

  /** The failure itself, without the wrapper that an await below put around it. */
  public static Throwable unwrap(Throwable failure) {
    var cause =
        failure instanceof CompletionException || failure instanceof ExecutionException
            ? causeOf(failure)
            : null;
    return cause == null ? failure : cause;
  }

  /** A failure's cause; null also where its own method throws instead of telling. */
  public static @Nullable Throwable causeOf(Throwable failure) {
    try {
      return failure.getCause();
    } catch (Throwable _) {
      return null;
    }
  }

  /** A failure in words, also where its own method has none. */
  public static String describe(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable _) {
      return failure.getClass().getName();
    }
  }

  /** A fresh wrapper around a failure, as {@link java.util.concurrent.CompletableFuture#join}. */
  public static CompletionException wrap(Throwable failure) {
    var cause = unwrap(failure);
    return new CompletionException(describe(cause), cause);
  }

  /** Adds the others to {@code primary} as suppressed, each failure once. */
  public static void suppress(Throwable primary, Collection<? extends Throwable> others) {
    if (others.isEmpty()) {
      return;
    }
    var there = Collections.<Throwable>newSetFromMap(new IdentityHashMap<>());
    Collections.addAll(there, primary.getSuppressed());
    var cause = unwrap(primary);
    for (var other : others) {
      if (other != primary && unwrap(other) != cause && there.add(other)) {
        primary.addSuppressed(other);
      }
    }
  }

  /** Throws {@code thrown} itself, whatever the compiler thinks of it. */
  @SuppressWarnings("unchecked")
  public static <X extends Throwable> RuntimeException rethrow(Throwable thrown) throws X {
    throw (X) thrown;
  }
}
