package dev.segue.bench.program;

import static dev.segue.bench.program.Protocol.port;

import dev.segue.bench.program.Sockets.BlankLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of one thread and one selector, without tasks: what a JVM can serve from one core, and
 * what the load generator can ask for. An answer that does not fit into the socket's buffer ends
 * it, which those of the benchmark do.
 */
public final class BareSelectorProgram {
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Sockets.BUFFER);
  private final ByteBuffer answers = ByteBuffer.allocateDirect(1 << 16);
  private final boolean http;

  private BareSelectorProgram(boolean http) throws IOException {
    this.http = http;
  }

  /**
   * Answers requests.
   *
   * @param args nothing
   * @throws Exception if a server cannot be started
   */
  public static void main(String[] args) throws Exception {
    Protocol.serve(
        Protocol.javaVersion(),
        Map.of(
            "echo", port(() -> new BareSelectorProgram(false).start()),
            "http", port(() -> new BareSelectorProgram(true).start())));
  }

  /** Serves in a thread of its own, and returns the port. */
  private int start() throws IOException {
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Sockets.BACKLOG);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
    Thread.ofPlatform().name("bare-selector").start(this::serve);
    return server.socket().getLocalPort();
  }

  private void serve() {
    try {
      while (true) {
        selector.select(this::handle);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the selector failed", e);
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.channel() instanceof ServerSocketChannel server) {
        accept(server);
      } else {
        answer((SocketChannel) key.channel(), (BlankLine) key.attachment());
      }
    } catch (IOException e) {
      throw new IllegalStateException("a connection failed", e);
    }
  }

  private void accept(ServerSocketChannel server) throws IOException {
    var connection = server.accept();
    connection.configureBlocking(false);
    connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
    connection.register(selector, SelectionKey.OP_READ, http ? new BlankLine() : null);
  }

  private void answer(SocketChannel connection, @Nullable BlankLine blankLine) throws IOException {
    if (connection.read(buffer.clear()) < 0) {
      connection.close();
      return;
    }
    buffer.flip();
    var answer = blankLine == null ? buffer : answersTo(buffer, blankLine);
    connection.write(answer);
    if (answer.hasRemaining()) {
      throw new IOException("the other side does not read what it is sent");
    }
  }

  private ByteBuffer answersTo(ByteBuffer requests, BlankLine blankLine) {
    answers.clear();
    while (requests.hasRemaining()) {
      if (blankLine.endsWith(requests.get())) {
        answers.put(Sockets.ANSWER);
      }
    }
    return answers.flip();
  }
}
