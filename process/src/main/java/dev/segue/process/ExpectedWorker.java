package dev.segue.process;

import dev.segue.process.wire.Frame;
import dev.segue.process.wire.FrameType;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.security.MessageDigest;
import jdk.net.ExtendedSocketOptions;

/**
 * A worker that was started and has yet to connect, twice: the connections that send the secret are
 * its own. Confined to the coordinator, except for {@link #close}.
 *
 * @param worker the worker
 * @param rendezvous where it connects
 * @param secret what only this worker was told
 */
record ExpectedWorker(WorkerProcess worker, Rendezvous rendezvous, byte[] secret) {
  /** A connection is dropped unless it has sent the secret within this time. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  ServerSocketChannel server() {
    return rendezvous.server();
  }

  /** Whether the process at the other end belongs to the same user as this one. */
  boolean isOurs(SocketChannel channel) throws IOException {
    UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    return user.equals(rendezvous.owner());
  }

  /** Whether a frame is this worker's greeting. */
  boolean isGreeting(Frame frame) {
    var said = new byte[frame.body().remaining()];
    frame.body().get(said);
    return (frame.type() == FrameType.HELLO || frame.type() == FrameType.CONTROL)
        && MessageDigest.isEqual(said, secret);
  }

  /** Removes the rendezvous. */
  void close() {
    try {
      rendezvous.close();
    } catch (IOException e) {
      Log.warn("cannot delete " + rendezvous.socket().getParent() + ": " + e);
    }
  }
}
