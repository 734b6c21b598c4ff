package dev.segue;

import dev.segue.futures.internal.Failures;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.ArrayList;
import java.util.List;

/** What the JDK, and libraries above it, make of an interrupt. */
final class Interruptions {
  private static final int LONGEST_CAUSE_CHAIN = 100;

  private Interruptions() {}

  /**
   * Whether an interrupt of ours is why a body threw {@code thrown}. It is if the JDK's own
   * exception is among the causes, and also where a library has put another in its place, but left
   * the interrupt flag set.
   *
   * @param hidden whether the interrupt met the thread in a wait, and its flag was set when the
   *     exception left the body
   */
  static boolean caused(Throwable thrown, boolean hidden) {
    var causes = causes(thrown);
    return !hasError(causes) && (hidden || causes.stream().anyMatch(Interruptions::isOne));
  }

  /** A failure and its causes, the outermost first; only so many, as they may go in a circle. */
  static List<Throwable> causes(Throwable thrown) {
    var causes = new ArrayList<Throwable>();
    for (Throwable t = thrown;
        t != null && causes.size() < LONGEST_CAUSE_CHAIN;
        t = Failures.causeOf(t)) {
      causes.add(t);
    }
    return causes;
  }

  /** Whether there is more to a failure than a cancel could be the reason for. */
  static boolean hasError(List<Throwable> causes) {
    return causes.stream().anyMatch(Error.class::isInstance);
  }

  /** Whether a thread in this state waits. */
  static boolean isWait(Thread.State state) {
    return switch (state) {
      case WAITING, TIMED_WAITING, BLOCKED -> true;
      default -> false;
    };
  }

  /**
   * Tells, at DEBUG, of a failure that counts as a cancel, so that one which should not can be
   * found. Says nothing of what ends a cancelled body anyway.
   */
  static void log(Task<?> task, CancelRequest cancel, Throwable failure) {
    if (!(failure instanceof Cancelled) && !isOne(failure)) {
      Log.debug(
          task + " is cancelled: " + cancel.reason() + "; this failure counts as that", failure);
    }
  }

  /** Whether a throwable is what the JDK itself makes of an interrupt. */
  static boolean isOne(Throwable thrown) {
    return thrown instanceof InterruptedException
        || thrown instanceof ClosedByInterruptException
        || thrown instanceof FileLockInterruptionException
        || (thrown instanceof InterruptedIOException && !(thrown instanceof SocketTimeoutException))
        || (thrown instanceof SocketException
            && Failures.describe(thrown).endsWith("Closed by interrupt"));
  }
}
