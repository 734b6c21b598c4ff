/**
 * A process pool: worker JVMs behind {@link java.util.concurrent.ExecutorService}.
 *
 * <p>{@link dev.segue.process.ProcessPoolExecutor} is the entry point, and all that users need.
 *
 * <p>Inside, read {@code Pool} first: it holds the queue and the workers under one lock. Its {@code
 * Dispatcher} gives tasks to workers, its {@code Supervision} enforces time limits, its {@code
 * Coordinator} reads what workers send, on a thread of its own. A {@code WorkerProcess} is one
 * worker as the parent sees it. In the worker, {@code WorkerMain} starts a {@code TaskRunner},
 * which runs one task at a time. What the two processes send each other is in {@code
 * dev.segue.process.wire}, how values become bytes in {@code dev.segue.process.codec}.
 */
package dev.segue.process;
