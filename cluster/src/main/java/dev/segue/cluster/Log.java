package dev.segue.cluster;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log of executors on a cluster. Logging throws nothing: the thread that has something to tell
 * goes on, also where memory has run out or the program's logger is broken.
 */
final class Log {
  private static final class Logger {
    static final System.Logger LOGGER = System.getLogger("dev.segue.cluster");
  }

  private Log() {}

  static void warn(String message, @Nullable Throwable thrown) {
    log(Level.WARNING, message, thrown);
  }

  static void error(String message, Throwable thrown) {
    log(Level.ERROR, message, thrown);
  }

  private static void log(Level level, String message, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(level, message, thrown);
    } catch (Throwable fault) {
      try {
        System.err.println("dev.segue.cluster cannot log \"" + message + "\": " + fault);
      } catch (Throwable _) {
        // No memory even for that.
      }
    }
  }
}
