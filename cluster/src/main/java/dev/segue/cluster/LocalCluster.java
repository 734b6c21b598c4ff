package dev.segue.cluster;

/**
 * A standalone Spark cluster on this machine, for trials and tests: one master and some workers,
 * each a process of its own, as are the executors that the workers start.
 *
 * <p>All of them end when this is closed, and when this JVM ends, for whatever reason.
 */
public final class LocalCluster implements AutoCloseable {
  private LocalCluster() {}

  /**
   * Starts a cluster whose Spark is the one on this JVM's class path.
   *
   * @param workers how many workers, each with one executor of an application
   * @param coresPerWorker how many tasks each runs at the same time
   * @param memoryPerWorker how many bytes the executors of a worker may have
   * @return the cluster, whose workers have registered with the master
   */
  public static LocalCluster start(int workers, int coresPerWorker, long memoryPerWorker) {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * Returns the address of the master.
   *
   * @return as {@link SparkExecutor.Builder#master} takes it
   */
  public String master() {
    throw new UnsupportedOperationException("not written yet");
  }

  @Override
  public void close() {}
}
