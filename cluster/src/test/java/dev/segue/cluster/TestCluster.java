package dev.segue.cluster;

import java.nio.file.Path;
import java.util.List;

/** A cluster, with what a test may do to its processes. */
public final class TestCluster implements AutoCloseable {
  private final LocalCluster cluster;

  private TestCluster(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Returns the cluster of all tests, whose workers have two cores each. */
  public static TestCluster shared() {
    return new TestCluster(SharedCluster.get());
  }

  /** Starts a cluster that a test may harm. */
  public static TestCluster start(LocalCluster.Builder builder) {
    return new TestCluster(builder.start());
  }

  /**
   * Has a member of a cluster run on another host.
   *
   * @param member {@code master} or {@code worker-0}
   * @param before what stands before its command
   */
  public static void onHost(
      LocalCluster.Builder builder, String member, String address, List<String> before) {
    builder.host(member, new LocalCluster.Host(address, before));
  }

  /**
   * Returns a builder of executors that have a context of their own on this cluster, on which their
   * class path is.
   *
   * @param cores how many tasks each of Spark's executors runs at the same time
   */
  public SparkExecutor.Builder executor(int cores) {
    TestContext.stop();
    var builder = SparkExecutor.builder();
    for (var property : SharedCluster.configuration(cluster).getAll()) {
      builder.config(property._1(), property._2());
    }
    return builder
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.executor.cores", Integer.toString(cores))
        .config("spark.cores.max", Integer.toString(2 * cores));
  }

  public String master() {
    return cluster.master();
  }

  public Path folder() {
    return cluster.folder();
  }

  public long masterPid() {
    return cluster.masterProcess().pid();
  }

  public List<Long> workerPids() {
    return pids(cluster.workerProcesses());
  }

  public List<Long> executorPids() {
    return pids(cluster.executorProcesses());
  }

  private static List<Long> pids(List<ProcessHandle> processes) {
    return processes.stream().map(ProcessHandle::pid).toList();
  }

  public void restartMaster() {
    cluster.restartMaster();
  }

  public void addWorker() {
    cluster.addWorker();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
