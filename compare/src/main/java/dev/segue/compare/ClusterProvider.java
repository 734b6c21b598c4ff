package dev.segue.compare;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What runs the jobs of {@link Model#CLUSTER}. A module that has a cluster's libraries provides
 * one, and {@link java.util.ServiceLoader} finds it: in the program that compares, and in the child
 * JVM.
 */
public interface ClusterProvider {
  /** The address that stands for a cluster that is started for the comparison. */
  String NEW = "new";

  /**
   * Connects to a cluster, or starts one, and waits until it can run jobs.
   *
   * @param master its address; {@link #NEW} for one on this machine, whose processes are
   *     descendants of this one
   * @param workers how many jobs a new one runs at a time
   * @param timeout how long one job may run
   * @return the cluster
   * @throws Exception if that fails; the message says what to do
   */
  Cluster open(String master, int workers, Duration timeout) throws Exception;

  /** A cluster that can run jobs. */
  interface Cluster {
    /**
     * Returns what the jobs are submitted to, each a serializable callable.
     *
     * @return an executor whose futures are {@link dev.segue.futures.WorkFuture}s
     */
    ExecutorService executor();

    /**
     * Returns the processor time that jobs have used on other machines, or in processes that are no
     * descendants of this one.
     *
     * @return the time so far; null if there are none
     */
    @Nullable Duration processorTimeElsewhere();
  }
}
