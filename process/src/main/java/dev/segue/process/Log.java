package dev.segue.process;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The log of the process pool. Logging throws nothing: the thread that has something to tell goes
 * on, also where memory has run out or the program's logger is broken.
 */
final class Log {
  private static final class Logger {
    static final System.Logger LOGGER = System.getLogger("dev.segue.process");
  }

  private Log() {}

  static void warn(String message) {
    log(Level.WARNING, message, null);
  }

  static void error(String message, Throwable thrown) {
    log(Level.ERROR, message, thrown);
  }

  private static void log(Level level, String message, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(level, message, thrown);
    } catch (Throwable fault) {
      try {
        System.err.println("dev.segue.process cannot log \"" + message + "\": " + fault);
      } catch (Throwable _) {
        // No memory even for that.
      }
    }
  }
}
