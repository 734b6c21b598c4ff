package dev.segue;

import java.lang.System.Logger.Level;

/**
 * Where the library logs; a class of its own, because finding a logger costs a short program's
 * start.
 */
final class Log {
  static final System.Logger LOGGER = System.getLogger("dev.segue");

  private Log() {}

  /** Logs what was thrown in a place that has to go on, and does not throw itself. */
  static void warn(String what, Throwable thrown) {
    try {
      LOGGER.log(Level.WARNING, what, thrown);
    } catch (Throwable _) {
      // No memory even for that, or the logger is broken.
    }
  }
}
