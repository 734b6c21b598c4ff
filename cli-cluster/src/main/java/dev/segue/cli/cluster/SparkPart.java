package dev.segue.cli.cluster;

import dev.segue.cli.ClusterPart;
import org.jspecify.annotations.Nullable;

/** Apache Spark for the command line. */
public final class SparkPart implements ClusterPart {
  /** Found by {@link java.util.ServiceLoader}. */
  public SparkPart() {}

  @Override
  public Benchmark benchmark(@Nullable String master, double scale) {
    return new ClusterBenchmark(master, scale);
  }
}
