package dev.segue.cluster;

import dev.segue.futures.WhenFull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an executor works, as {@link SparkExecutor.Builder} describes it.
 *
 * @param slots how many tasks of Spark's may be outstanding; 0 for as many as keep the cluster busy
 */
record ClusterSettings(
    @Nullable Duration taskTimeout,
    Duration cancelGrace,
    Duration startTimeout,
    int queueTasks,
    long queueBytes,
    WhenFull whenFull,
    int maxBatch,
    Duration maxDelay,
    boolean shipClassPath,
    int slots) {}
