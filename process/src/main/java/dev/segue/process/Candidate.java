package dev.segue.process;

import dev.segue.process.wire.FrameReader;
import dev.segue.process.wire.WorkerConfiguration;
import java.io.IOException;
import java.nio.channels.SocketChannel;

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

  boolean isLate(long now) {
    return now - until >= 0;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is not used again.
    }
  }
}
