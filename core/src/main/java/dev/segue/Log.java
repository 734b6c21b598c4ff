package dev.segue;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Where the library logs; a class of its own, because finding a logger costs a short program's
 * start. Logging throws nothing: the work that has something to tell goes on, also where memory has
 * run out or the program's logger is broken.
 */
final class Log {
  private static final class Logger {
    static final System.Logger LOGGER = System.getLogger("dev.segue");
  }

  private Log() {}

  static void error(String what, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(Level.ERROR, what, thrown);
    } catch (Throwable fault) {
      failed(what, fault);
    }
  }

  static void warn(String what, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(Level.WARNING, what, thrown);
    } catch (Throwable fault) {
      failed(what, fault);
    }
  }

  static void info(String what) {
    try {
      Logger.LOGGER.log(Level.INFO, what);
    } catch (Throwable fault) {
      failed(what, fault);
    }
  }

  static void debug(String what, @Nullable Throwable thrown) {
    try {
      Logger.LOGGER.log(Level.DEBUG, what, thrown);
    } catch (Throwable fault) {
      failed(what, fault);
    }
  }

  private static void failed(String what, Throwable fault) {
    try {
      System.err.println("dev.segue cannot log \"" + what + "\": " + fault);
    } catch (Throwable _) {
      // No memory even for that.
    }
  }
}
