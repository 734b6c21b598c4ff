/**
 * What Segue's modules share behind their API. Exported to them alone, and free to change.
 *
 * <p>{@link dev.segue.futures.internal.FutureEnds} is the one place that knows "in the order in
 * which they end"; {@link dev.segue.futures.internal.DoneCallback} the one that knows how each kind
 * of future tells that it is done.
 */
@NullMarked
package dev.segue.futures.internal;

import org.jspecify.annotations.NullMarked;
