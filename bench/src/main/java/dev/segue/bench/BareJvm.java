package dev.segue.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.List;

/** A JVM with a {@link BareWorker} in it, and the socket to it. Confined to one thread. */
final class BareJvm implements AutoCloseable {
  /** What suits a small JVM: a pool's worker has the same. */
  private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

  private final Process process;
  private final Link link;

  private BareJvm(Process process, Link link) {
    this.process = process;
    this.link = link;
  }

  /** Starts a JVM and waits until it has connected. */
  static BareJvm start(String doing) throws IOException {
    var folder = Files.createTempDirectory("segue-bench");
    var socket = folder.resolve("socket");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      var process =
          Processes.start(
              Processes.newJvm(OPTIONS, BareWorker.class, socket.toString(), doing)
                  .redirectOutput(Redirect.DISCARD)
                  .redirectError(Redirect.DISCARD));
      var _ = process.onExit().thenRun(() -> close(server));
      try {
        return new BareJvm(process, new Link(server.accept()));
      } catch (AsynchronousCloseException e) {
        throw new IOException("a bare JVM ended with exit code " + process.exitValue(), e);
      }
    } finally {
      Files.deleteIfExists(socket);
      Files.delete(folder);
    }
  }

  private static void close(ServerSocketChannel server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Sends a message made by {@link Link#newMessage}, and waits for the answer. */
  ByteBuffer exchange(ByteBuffer message) throws IOException {
    link.send(message.rewind());
    return link.receive();
  }

  /** Ends the JVM, and waits until it has ended. */
  @Override
  public void close() throws IOException {
    link.close();
    Processes.end(process);
  }
}
