package dev.segue.cluster;

import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The context of tests that need no processes: a JVM can have one at a time. */
public final class TestContext {
  private static SparkContext shared;
  private static SparkExecutor onCluster;
  private static int coresOnCluster;

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
      stop();
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
      OwnContext.stop(shared);
      shared = null;
    }
    if (onCluster != null) {
      onCluster.shutdownNow();
      onCluster.close();
      onCluster = null;
    }
  }

  /**
   * Returns an executor whose context is the one of this JVM, on the cluster of all tests. Its
   * results have 8 MiB together at most.
   *
   * @param cores how many tasks each of its two executors runs at the same time
   * @param maxFailures how often Spark starts a task whose executors are lost
   */
  public static synchronized SparkExecutor onCluster(int cores, int maxFailures) {
    if (onCluster == null || onCluster.context().isStopped() || coresOnCluster != cores) {
      stop();
      onCluster =
          TestCluster.shared()
              .executor(cores)
              .config("spark.task.maxFailures", Integer.toString(maxFailures))
              .config("spark.driver.maxResultSize", "8m")
              .cancelGrace(Duration.ofMillis(500))
              .build();
      coresOnCluster = cores;
    }
    return onCluster;
  }

  /** Returns a builder of executors on the context. */
  public static SparkExecutor.Builder executor() {
    return SparkExecutor.on(get());
  }

  /** Returns a builder of executors that run so many of Spark's tasks at the same time. */
  public static SparkExecutor.Builder executor(int slots) {
    return slots(executor(), slots);
  }

  /** Has an executor give Spark so many tasks of Spark's at the same time, at most. */
  public static SparkExecutor.Builder slots(SparkExecutor.Builder builder, int slots) {
    return builder.slots(slots);
  }
}
