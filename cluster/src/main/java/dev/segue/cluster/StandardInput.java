package dev.segue.cluster;

import java.io.InputStream;
import org.apache.spark.SparkEnv;

/**
 * The standard input of an executor's JVM, which is a pipe that nobody writes to or closes: a task
 * that read it would never end. It has ended instead, as that of a process pool's worker has.
 */
final class StandardInput {
  private static final String IN_THE_DRIVER = "driver"; // Spark's id for it, with a local master

  static {
    if (!SparkEnv.get().executorId().equals(IN_THE_DRIVER)) {
      System.setIn(InputStream.nullInputStream());
    }
  }

  private StandardInput() {}

  /** Ends it, once in a JVM. */
  static void end() {
    // done by the static initializer
  }
}
