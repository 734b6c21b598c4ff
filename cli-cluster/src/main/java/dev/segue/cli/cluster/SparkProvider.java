package dev.segue.cli.cluster;

import dev.segue.cluster.LocalCluster;
import dev.segue.cluster.SparkExecutor;
import dev.segue.compare.ClusterProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Apache Spark as a model of a comparison. */
public final class SparkProvider implements ClusterProvider {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration START = Duration.ofSeconds(60);

  /** Found by {@link java.util.ServiceLoader}. */
  public SparkProvider() {}

  @Override
  public Cluster open(String master, int workers, Duration timeout) throws Exception {
    if (!master.equals(NEW)) {
      return new Executors(connect(master, timeout), false);
    }
    // Nothing closes it: its processes end with this one.
    var here = LocalCluster.start(workers, 1, Machines.MEMORY);
    var executor = connect(here.master(), timeout);
    long limit = System.nanoTime() + START.toNanos();
    while (executor.stats().executors() < workers) {
      if (System.nanoTime() > limit) {
        throw new IOException(
            "only %d of %d executors started within %d s"
                .formatted(executor.stats().executors(), workers, START.toSeconds()));
      }
      Thread.sleep(10);
    }
    return new Executors(executor, true);
  }

  private static SparkExecutor connect(String master, Duration timeout) throws Exception {
    var executor =
        SparkExecutor.builder()
            .master(master)
            .name("segue compare")
            .taskTimeout(timeout)
            .cancelGrace(GRACE)
            .startTimeout(START)
            .build();
    executor.submit(() -> {}).get();
    return executor;
  }

  private record Executors(SparkExecutor spark, boolean here) implements Cluster {
    @Override
    public ExecutorService executor() {
      return spark;
    }

    @Override
    public @Nullable Duration processorTimeElsewhere() {
      return here ? null : spark.stats().executorCpu();
    }
  }
}
