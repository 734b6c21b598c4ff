package dev.segue;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Where the library logs; a class of its own, because finding a logger costs a short program's
 * start. Logging throws nothing: the work that has something to tell goes on.
 */
final class Log {
  private static final class Logger {
    static final System.Logger LOGGER = System.getLogger("dev.segue");
  }

  private Log() {}

  static void log(Level level, String what, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(level, what, thrown);
    } catch (Throwable fault) {
      try {
        System.err.println("dev.segue cannot log \"" + what + "\": " + fault);
      } catch (Throwable _) {
        // No memory even for that.
      }
    }
  }

  static void log(Level level, String what) {
    log(level, what, null);
  }
}
