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
 * The wait for a worker that was started to connect: of all who do, the one that knows the secret.
 * Confined to the coordinator, but for {@link #close}.
 *
 * @param worker who is awaited
 * @param rendezvous where
 * @param secret what it was told
 */
record ExpectedWorker(WorkerProcess worker, Rendezvous rendezvous, byte[] secret) {
  /** A stranger has so long to prove itself, and is dropped then. */
  static final long PATIENCE_NANOS = 5_000_000_000L;

  ServerSocketChannel server() {
    return rendezvous.server();
  }

  /** Whether a process of our own user is on the other side. */
  boolean isOurs(SocketChannel channel) throws IOException {
    UserPrincipal user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    return user.equals(rendezvous.owner());
  }

  /** Whether a frame is the greeting of the worker that was started. */
  boolean isGreeting(Frame frame) {
    var said = new byte[frame.body().remaining()];
    frame.body().get(said);
    return frame.type() == FrameType.HELLO && MessageDigest.isEqual(said, secret);
  }

  /** Removes every trace of the rendezvous. */
  void close() {
    try {
      rendezvous.close();
    } catch (IOException e) {
      Log.warn("cannot delete " + rendezvous.socket().getParent() + ": " + e);
    }
  }
}
