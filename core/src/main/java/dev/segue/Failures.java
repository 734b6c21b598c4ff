package dev.segue;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.Collection;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What the loop does with throwables. */
final class Failures {
  private static final int LONGEST_CAUSE_CHAIN = 100;

  private Failures() {}

  /** The failure itself, without the wrapper that an await below put around it. */
  static Throwable unwrap(Throwable failure) {
    return (failure instanceof CompletionException || failure instanceof ExecutionException)
            && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** A failure in words, also where its own method has none. */
  static String describe(Throwable failure) {
    try {
      return failure.toString();
    } catch (Throwable _) {
      return failure.getClass().getName();
    }
  }

  /** A fresh wrapper around a failure, as {@link java.util.concurrent.CompletableFuture#join}. */
  static CompletionException wrap(Throwable failure) {
    var cause = unwrap(failure);
    return new CompletionException(describe(cause), cause);
  }

  /** Adds the others to {@code primary} as suppressed, each failure once. */
  static void suppress(Throwable primary, Collection<? extends Throwable> others) {
    for (var other : others) {
      if (other != primary
          && unwrap(other) != unwrap(primary)
          && !contains(primary.getSuppressed(), other)) {
        primary.addSuppressed(other);
      }
    }
  }

  /** Whether a throwable is what the JDK makes of an interrupted wait, or was caused by that. */
  static boolean isInterruption(Throwable thrown) {
    int depth = 0;
    for (Throwable t = thrown;
        t != null && depth < LONGEST_CAUSE_CHAIN;
        t = t.getCause(), depth++) {
      if (t instanceof InterruptedException
          || t instanceof ClosedByInterruptException
          || t instanceof FileLockInterruptionException
          || (t instanceof InterruptedIOException && !(t instanceof SocketTimeoutException))
          || (t instanceof SocketException && "Closed by interrupt".equals(t.getMessage()))) {
        return true;
      }
    }
    return false;
  }

  /** Throws {@code thrown} itself, whatever the compiler thinks of it. */
  @SuppressWarnings("unchecked")
  static <X extends Throwable> RuntimeException rethrow(Throwable thrown) throws X {
    throw (X) thrown;
  }

  private static boolean contains(@Nullable Object[] all, Object wanted) {
    for (var one : all) {
      if (one == wanted) {
        return true;
      }
    }
    return false;
  }
}
