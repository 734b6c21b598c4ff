package dev.segue.process;

/** The log of the process pool. */
final class Log {
  private static final System.Logger LOGGER = System.getLogger("dev.segue.process");

  private Log() {}

  static void warn(String message) {
    LOGGER.log(System.Logger.Level.WARNING, message);
  }

  static void error(String message, Throwable thrown) {
    LOGGER.log(System.Logger.Level.ERROR, message, thrown);
  }
}
