package dev.segue.cluster;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The context of tests that need no processes: a JVM can have one at a time. */
public final class TestContext {
  private static SparkContext shared;

  private TestContext() {}

  /** Ends the context after a test class, as the next one may need another. */
  public static final class EndsAfterwards implements AfterAllCallback {
    @Override
    public void afterAll(ExtensionContext test) {
      stop();
    }
  }

  /** Returns the context, which runs four tasks at the same time in this JVM. */
  public static synchronized SparkContext get() {
    if (shared == null || shared.isStopped()) {
      shared =
          new SparkContext(
              new SparkConf()
                  .setMaster("local[4]")
                  .setAppName("tests")
                  .set("spark.ui.enabled", "false")
                  .set("spark.driver.host", "127.0.0.1"));
    }
    return shared;
  }

  /** Ends the context, so that a test can have one of its own. */
  public static synchronized void stop() {
    if (shared != null) {
      shared.stop();
      shared = null;
    }
  }

  /** Returns a builder of executors on the context. */
  public static SparkExecutor.Builder executor() {
    return SparkExecutor.on(get());
  }

  /** Returns a builder of executors that run so many of Spark's tasks at the same time. */
  public static SparkExecutor.Builder executor(int slots) {
    return executor().slots(slots);
  }
}
