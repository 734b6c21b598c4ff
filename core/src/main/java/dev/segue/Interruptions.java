package dev.segue;

import dev.segue.futures.internal.Failures;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/** What the JDK makes of an interrupt. */
final class Interruptions {
  private static final int LONGEST_CAUSE_CHAIN = 100;

  private Interruptions() {}

  /** Whether a throwable is what the JDK makes of an interrupted wait, or was caused by that. */
  static boolean caused(Throwable thrown) {
    int depth = 0;
    for (Throwable t = thrown;
        t != null && depth < LONGEST_CAUSE_CHAIN;
        t = Failures.causeOf(t), depth++) {
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
}
