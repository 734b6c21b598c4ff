/**
 * What goes between a pool and its workers, as docs/process-protocol.md describes it: frames over a
 * socket, the claims in shared memory, configuration on standard input.
 *
 * <p>Start with {@link dev.segue.process.wire.Sender}: it has a method for each frame, and a {@link
 * dev.segue.process.wire.Receiver} is on the other side. Both sides use both. {@link
 * dev.segue.process.wire.Claims} decides which side has a task.
 *
 * <p>Not exported. Knows {@code dev.segue.process.codec}, and neither pool nor worker.
 */
package dev.segue.process.wire;
