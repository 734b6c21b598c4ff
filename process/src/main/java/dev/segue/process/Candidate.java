package dev.segue.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection that has yet to prove that it comes from the worker that was started. Confined to
 * the coordinator.
 *
 * @param arrival what it may be
 * @param channel the connection
 * @param in what it has said
 * @param until when it is dropped
 */
record Candidate(Arrival arrival, SocketChannel channel, FrameReader in, long until) {
  /** It may say no more than the greeting. */
  private static final int LONGEST = 1 + WorkerConfiguration.SECRET_BYTES;

  Candidate(Arrival arrival, SocketChannel channel, long now) {
    this(arrival, channel, new FrameReader(LONGEST), now + Arrival.PATIENCE_NANOS);
  }

  boolean isLate(long now) {
    return now - until >= 0;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // It is of no more use in any case.
    }
  }
}
