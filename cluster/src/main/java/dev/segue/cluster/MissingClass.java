package dev.segue.cluster;

import org.jspecify.annotations.Nullable;

/** Explains what to do about a class that an executor lacks. */
final class MissingClass {
  private MissingClass() {}

  /** Explains why a task cannot be decoded. */
  static ClassNotFoundException explain(ClassNotFoundException e) {
    return isClassName(e.getMessage())
        ? with(new ClassNotFoundException(advice(e.getMessage()), e), e)
        : e;
  }

  /** Explains what a task threw if the JVM could not find a class for it; else returns it. */
  static Throwable explain(Throwable thrown) {
    return thrown instanceof NoClassDefFoundError e
            && e.getCause() instanceof ClassNotFoundException
            && isClassName(e.getMessage())
        ? with(
            (NoClassDefFoundError) new NoClassDefFoundError(advice(e.getMessage())).initCause(e), e)
        : thrown;
  }

  private static <T extends Throwable> T with(T explained, Throwable original) {
    explained.setStackTrace(original.getStackTrace());
    return explained;
  }

  /** Other messages are sentences, which say more than a name. */
  private static boolean isClassName(@Nullable String message) {
    return message != null && !message.isEmpty() && message.indexOf(' ') < 0;
  }

  private static String advice(@Nullable String name) {
    return String.valueOf(name).replace('/', '.')
        + " is not on the class path of "
        + RemoteCodec.executor()
        + ": send its jar with addJar(), the class with addClasses(), or all of the driver's class"
        + " path with SparkExecutor.builder().shipClassPath(true)";
  }
}
