/**
 * Metrics of Segue's event loops and process pools, for Micrometer.
 *
 * <p>{@link dev.segue.micrometer.LoopMetrics} is bound to a registry once, and then measures every
 * loop of the JVM; {@link dev.segue.micrometer.ProcessPoolMetrics} measures one process pool.
 */
@NullMarked
package dev.segue.micrometer;

import org.jspecify.annotations.NullMarked;
