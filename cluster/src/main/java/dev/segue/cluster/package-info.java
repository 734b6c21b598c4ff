/**
 * Apache Spark behind {@link java.util.concurrent.ExecutorService}: a pool whose workers are the
 * executors of a cluster.
 *
 * <p>Start with {@link dev.segue.cluster.SparkExecutor}. {@link dev.segue.cluster.LocalCluster} is
 * a cluster of processes on this machine, for trials and tests.
 */
@NullMarked
package dev.segue.cluster;

import org.jspecify.annotations.NullMarked;
