/**
 * What Python keeps in {@code concurrent.futures}, for any {@link java.util.concurrent.Future} and
 * any {@link java.util.concurrent.ExecutorService}.
 *
 * <p>{@link dev.segue.futures.Futures} holds the functions: {@code asCompleted}, {@code waitFor}
 * and {@code map}. {@link dev.segue.futures.WorkFuture} is a future that tells when it is done,
 * which spares those functions a blocked thread. {@link dev.segue.futures.SizedExecutor} is an
 * executor that says how many tasks keep it busy. {@link dev.segue.futures.SerializableCallable}
 * and its two siblings are task types that can travel to another process.
 */
@NullMarked
package dev.segue.futures;

import org.jspecify.annotations.NullMarked;
