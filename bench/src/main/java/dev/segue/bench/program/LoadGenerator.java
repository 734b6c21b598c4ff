package dev.segue.bench.program;

import dev.segue.bench.program.Sockets.BlankLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The client of servers that are measured: one thread, one selector, and connections each of which
 * sends a request, awaits the whole answer and sends the next.
 *
 * <p>{@code echo PORT CONNECTIONS SECONDS} and {@code http PORT CONNECTIONS SECONDS} are answered
 * with the requests a second, and with the share of one core that this JVM used meanwhile. A tenth
 * of the time passes before it counts.
 */
public final class LoadGenerator {
  /** Begins the answer if a server does not do as it should. */
  public static final String FAILED = "the load generator failed: ";

  private static final byte[] MESSAGE =
      "0123456789abcde\n".repeat(4).getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GET =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern CONTENT_LENGTH =
      Pattern.compile("(?is)^HTTP/1\\.1 200 .*\r\nContent-Length: *(\\d+)\r\n");

  /** A server that has not answered for this long hangs. */
  private static final int PATIENCE_MILLIS = 10_000;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
  private final Selector selector = Selector.open();
  private final ByteBuffer request;
  private final int answerLength;
  private long answered;
  private boolean ending;
  private int open;

  /** How many bytes of its answer a connection still awaits. */
  private static final class Connection {
    int awaited;
  }

  private LoadGenerator(byte[] request, int answerLength) throws IOException {
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
    this.answerLength = answerLength;
  }

  /**
   * Answers requests.
   *
   * @param args nothing
   * @throws Exception if a server does not do as it should
   */
  public static void main(String[] args) throws Exception {
    Protocol.serve(
        Protocol.javaVersion(),
        Map.of("echo", words -> load(false, words), "http", words -> load(true, words)));
  }

  static String load(boolean http, String[] words) {
    try {
      return loadOrFail(http, words);
    } catch (IOException | UncheckedIOException e) {
      return FAILED + e.getMessage();
    }
  }

  private static String loadOrFail(boolean http, String[] words) throws IOException {
    int port = Integer.parseInt(words[0]);
    var generator =
        http
            ? new LoadGenerator(GET, lengthOfAnswer(port))
            : new LoadGenerator(MESSAGE, MESSAGE.length);
    try (var _ = generator.selector) {
      return generator.load(port, Integer.parseInt(words[1]), Double.parseDouble(words[2]));
    }
  }

  /** Sends a GET to find out how long an answer is, head included: all are the same. */
  private static int lengthOfAnswer(int port) throws IOException {
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connection.setSoTimeout(PATIENCE_MILLIS);
      connection.getOutputStream().write(GET);
      var input = connection.getInputStream();
      var head = new StringBuilder();
      var blankLine = new BlankLine();
      for (int next = input.read(); next >= 0; next = input.read()) {
        head.append((char) next);
        if (blankLine.endsWith((byte) next)) {
          int content = contentLength(head);
          input.readNBytes(content);
          return head.length() + content;
        }
      }
      throw new IOException("the server has closed a connection");
    }
  }

  private static int contentLength(CharSequence head) throws IOException {
    var length = CONTENT_LENGTH.matcher(head);
    if (!length.find()) {
      throw new IOException("this is no answer of known length with status 200: " + head);
    }
    return Integer.parseInt(length.group(1));
  }

  private String load(int port, int connections, double seconds) throws IOException {
    for (int i = 0; i < connections; i++) {
      connect(port);
    }
    run(seconds / 10);
    long answeredBefore = answered;
    long cpuBefore = cpuNanos();
    long begin = System.nanoTime();
    run(seconds);
    double elapsed = System.nanoTime() - begin;
    var answer =
        1e9 * (answered - answeredBefore) / elapsed + " " + (cpuNanos() - cpuBefore) / elapsed;
    ending = true;
    while (open > 0) {
      select();
    }
    return answer;
  }

  private void connect(int port) throws IOException {
    var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    var connection = new Connection();
    channel.register(selector, SelectionKey.OP_READ, connection);
    open++;
    send(channel, connection);
  }

  private void run(double seconds) throws IOException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < seconds * 1e9) {
      select();
    }
  }

  private void select() throws IOException {
    if (selector.select(this::receive, PATIENCE_MILLIS) == 0) {
      throw new IOException("the server has not answered for " + PATIENCE_MILLIS + " ms");
    }
  }

  private void receive(SelectionKey key) {
    try {
      receive((SocketChannel) key.channel(), (Connection) key.attachment());
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private void receive(SocketChannel channel, Connection connection) throws IOException {
    int read = channel.read(buffer.clear());
    if (read < 0) {
      throw new IOException("the server has closed a connection");
    }
    connection.awaited -= read;
    if (connection.awaited > 0) {
      return;
    }
    if (connection.awaited < 0) {
      throw new IOException("the server sent " + -connection.awaited + " bytes too many");
    }
    answered++;
    if (ending) {
      channel.close();
      open--;
    } else {
      send(channel, connection);
    }
  }

  private void send(SocketChannel channel, Connection connection) throws IOException {
    channel.write(request.rewind());
    if (request.hasRemaining()) {
      throw new IOException("a request does not fit into the socket");
    }
    connection.awaited = answerLength;
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }
}
