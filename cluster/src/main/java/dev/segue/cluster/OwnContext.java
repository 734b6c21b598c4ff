package dev.segue.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;

/** The context of an executor that has not been given one. */
final class OwnContext {
  private static final String MASTER = "spark.master";
  private static final String EXECUTOR_OPTIONS = "spark.executor.extraJavaOptions";

  /**
   * The first two are for Spark, which JDK 25 warns of. The others have an executor whose heap is
   * full end, and say so on its standard error.
   */
  private static final String OPTIONS =
      "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
          + " -XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr";

  private static final long MOST_NANOS_TO_STOP = 30_000_000_000L;
  private static final long LOOK_NANOS = 10_000_000;

  private OwnContext() {}

  /**
   * Starts a context.
   *
   * @param configuration what its user has set
   * @param cancelGrace how long an interrupted task has to end
   * @param startTimeout how long the cluster may take to answer
   * @throws IllegalArgumentException if no cluster is set
   * @throws IllegalStateException if this JVM has a context already, or the cluster cannot be
   *     reached
   */
  static SparkContext start(
      Map<String, String> configuration, Duration cancelGrace, Duration startTimeout) {
    var conf = new SparkConf();
    configuration.forEach(conf::set);
    if (!conf.contains(MASTER)) {
      throw new IllegalArgumentException(
          "no cluster is set: call master(\"spark://host:7077\"), or set " + MASTER);
    }
    long grace = Math.max(1, cancelGrace.toMillis());
    conf.setIfMissing("spark.app.name", "segue");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    // Spark adds up the results of a job, although each is taken from it at once.
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    conf.setIfMissing("spark.task.reaper.enabled", "true");
    conf.setIfMissing("spark.task.reaper.killTimeout", grace + "ms");
    conf.setIfMissing(
        "spark.task.reaper.pollingInterval", Math.max(1, Math.min(grace / 2, 1000)) + "ms");
    conf.setIfMissing("spark.task.reaper.threadDump", "false");
    conf.set(EXECUTOR_OPTIONS, (OPTIONS + " " + conf.get(EXECUTOR_OPTIONS, "")).strip());
    StartDiagnosis.check(conf, startTimeout);
    try {
      return new SparkContext(conf);
    } catch (Throwable t) {
      if (String.valueOf(t.getMessage()).contains("Only one SparkContext")) {
        throw new IllegalStateException(
            "this JVM has a SparkContext already, and can have but one: pass that to"
                + " SparkExecutor.on(context), or stop it first",
            t);
      }
      throw t;
    }
  }

  /**
   * Stops a context, and waits until that is done, for a time: Spark stops one by itself too, on a
   * thread of its own, and until then this JVM can have no other.
   */
  static void stop(SparkContext context) {
    context.stop();
    long limit = System.nanoTime() + MOST_NANOS_TO_STOP;
    while (SparkContext$.MODULE$.getActive().contains(context) && System.nanoTime() < limit) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
