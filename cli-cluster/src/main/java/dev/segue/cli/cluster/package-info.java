/**
 * What needs Apache Spark of the command line: the benchmark of a cluster, and the model cluster of
 * a comparison.
 *
 * <p>Start with {@link dev.segue.cli.cluster.SparkPart}.
 */
@NullMarked
package dev.segue.cli.cluster;

import org.jspecify.annotations.NullMarked;
