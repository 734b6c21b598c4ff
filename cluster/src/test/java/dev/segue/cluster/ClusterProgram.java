package dev.segue.cluster;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A program that starts a cluster and uses it, until it is killed. */
final class ClusterProgram {
  private ClusterProgram() {}

  public static void main(String[] arguments) throws Exception {
    var cluster = LocalCluster.start(1, 1, 1L << 30);
    var context =
        new JavaSparkContext(
            new SparkConf()
                .setMaster(cluster.master())
                .setAppName("killed")
                .set("spark.ui.enabled", "false")
                .set("spark.executor.memory", "512m"));
    long count = context.parallelize(List.of(1), 1).count();
    System.out.println(count + " " + cluster.folder());
    Thread.sleep(Long.MAX_VALUE);
  }
}
