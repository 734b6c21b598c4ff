/**
 * A process pool: worker JVMs behind {@link java.util.concurrent.ExecutorService}.
 *
 * <p>{@link dev.segue.process.ProcessPoolExecutor} is the way in and all that a user touches.
 *
 * <p>On the parent's side a {@code Pool} holds the queue and the workers under one lock; its
 * coordinator thread reads what the workers answer. A {@code WorkerProcess} is one worker seen from
 * there. On the worker's side {@code WorkerMain} runs one task after the other. Between them go
 * {@code Frame}s, whose values the {@code Encoder} writes and the {@code Decoder} reads.
 */
package dev.segue.process;
