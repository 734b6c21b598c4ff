package dev.segue.cli.cluster;

import dev.segue.bench.MergeSort;
import dev.segue.cluster.SparkExecutor;
import dev.segue.process.ProcessPoolExecutor;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Sorts the article's lists, and prints how many seconds that took, counted from before anything
 * was started for it. A program of its own, so that nothing is warm.
 */
final class ColdSortMain {
  private ColdSortMain() {}

  /** Takes who sorts, how many lists, and a cluster's master. */
  public static void main(String[] args) {
    var lists = List.of(MergeSort.randomLists(Integer.parseInt(args[1])));
    long begin = System.nanoTime();
    sort(args[0], args[2], lists);
    System.out.println((System.nanoTime() - begin) / 1e9);
    System.exit(0); // Spark takes its time to stop, which is not measured
  }

  private static void sort(String contender, String master, List<int[]> lists) {
    if (contender.equals(ClusterBenchmark.PROCESS_POOL.id())) {
      Rates.sort(ProcessPoolExecutor.builder().maxWorkers(Machines.WORKERS).build(), lists);
    } else if (contender.equals(ClusterBenchmark.RDD.id())) {
      var settings = new SparkConf().setMaster(master).setAppName("segue bench cluster");
      var jars = System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1);
      ClusterContender.sort(
          new JavaSparkContext(settings.setJars(new String[] {jars[0], jars[1]})), lists);
    } else {
      Rates.sort(
          SparkExecutor.builder()
              .master(master)
              .name("segue bench cluster")
              .batch(ClusterContender.MOST_IN_A_BATCH, ClusterContender.LONGEST_DELAY)
              .build(),
          lists);
    }
  }
}
