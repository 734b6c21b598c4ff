package dev.segue.cluster;

import org.apache.spark.SparkConf;

/**
 * The cluster of all tests of this module that need no special one: two workers with two cores
 * each. It starts with the first test that asks for it, and ends with this JVM.
 */
final class SharedCluster {
  /** Enough for two executors on a worker, one after the other that is still ending. */
  private static final long MEMORY = 2L << 30;

  private SharedCluster() {}

  private static final class Holder {
    static final LocalCluster CLUSTER =
        LocalCluster.builder().workers(2).coresPerWorker(2).memoryPerWorker(MEMORY).start();
  }

  /**
   * The configuration of a context on it that starts quickly: an executor's first task takes half
   * the processor time without the optimizing compiler.
   */
  static SparkConf configuration(LocalCluster cluster) {
    return new SparkConf()
        .setMaster(cluster.master())
        .setAppName("tests")
        .set("spark.ui.enabled", "false")
        .set("spark.executor.memory", "512m")
        .set("spark.executor.cores", "1")
        .set("spark.cores.max", "2")
        .set("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1");
  }

  static LocalCluster get() {
    return Holder.CLUSTER;
  }
}
