package dev.segue.process;

import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.FrameType;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has yet to prove that it comes from the worker that was started. Confined to
 * the coordinator.
 */
final class Candidate {
  /** The length of the greeting: a candidate may send no longer frame. */
  private static final int LONGEST = 1 + WorkerConfiguration.SECRET_BYTES;

  private final ExpectedWorker expected;
  private final SocketChannel channel;
  private final FrameReader in = new FrameReader(LONGEST);
  private final long until;
  private @Nullable FrameType greeting;

  Candidate(ExpectedWorker expected, SocketChannel channel, long now) {
    this.expected = expected;
    this.channel = channel;
    this.until = now + ExpectedWorker.PATIENCE_NANOS;
  }

  /** The worker that this may be. */
  ExpectedWorker expected() {
    return expected;
  }

  SocketChannel channel() {
    return channel;
  }

  /** What it has sent. */
  FrameReader in() {
    return in;
  }

  /** Notes that it has sent the secret: it is one of the worker's two connections. */
  void greeted(FrameType with) {
    greeting = with;
  }

  /** How it has greeted; null if it has not yet. */
  @Nullable FrameType greeting() {
    return greeting;
  }

  /** Whether it has not greeted in time, or the worker has ended. */
  boolean isLate(long now) {
    return !expected.server().isOpen() || (greeting == null && now - until >= 0);
  }

  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is not used again.
    }
  }
}
