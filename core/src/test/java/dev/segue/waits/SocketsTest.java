package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.EventLoop;
import dev.segue.TaskGroup;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sockets and channels of every kind: both ends are tasks of one loop. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 50, LOOPBACK);
  }

  private static Socket connectTo(ServerSocket server) throws IOException {
    return new Socket(LOOPBACK, server.getLocalPort());
  }

  // --- Socket

  @Test
  void accept() throws Exception {
    Async.run(() -> {
      try (var server = listen()) {
        Ticking.until(() -> connectTo(server).close(), () -> server.accept().close());
      }
    });
  }

  @Test
  void read() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        assertThat(Ticking.until(() -> pair.write(7), pair::read)).isEqualTo(7);
      }
    });
  }

  @Test
  void aWriteThatThePeerDoesNotReadYet() throws Exception {
    int size = 32 << 20; // more than the buffers between them hold
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        Ticking.until(
            () -> pair.client().getInputStream().skipNBytes(size),
            () -> pair.accepted().getOutputStream().write(new byte[size]));
      }
    });
  }

  @Test
  void aReadThatTimesOut() throws Exception {
    Async.run(() -> {
      try (var pair = SocketPair.connect()) {
        pair.client().setSoTimeout(100);
        Ticking.during(
            () -> assertThatThrownBy(pair::read).isInstanceOf(SocketTimeoutException.class));
      }
    });
  }

  @Test
  void manyConnectionsToAServerOfTasks() throws Exception {
    Async.run(() ->
        TaskGroup.run(group -> {
          var server = listen();
          var accepting =
              group.spawn(() -> {
                while (true) {
                  var connection = server.accept();
                  group.spawn(() -> echo(connection));
                }
              });
          var lines = IntStream.range(0, 30).mapToObj(i -> "line " + i).toList();
          assertThat(Async.map(lines, 30, line -> call(server, line))).isEqualTo(lines);
          accepting.cancel();
        }));
  }

  private static void echo(Socket connection) throws IOException {
    try (connection) {
      connection.getInputStream().transferTo(connection.getOutputStream());
    }
  }

  private static String call(ServerSocket server, String line) throws IOException {
    try (var socket = connectTo(server)) {
      socket.getOutputStream().write(line.getBytes());
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes());
    }
  }

  // --- channels

  @Test
  void channelAccept() throws Exception {
    Async.run(() -> {
      try (var server = ServerSocketChannel.open().bind(ANY_PORT)) {
        Ticking.until(
            () -> SocketChannel.open(server.getLocalAddress()).close(),
            () -> server.accept().close());
      }
    });
  }

  @Test
  void channelRead() throws Exception {
    Async.run(() -> {
      try (var server = ServerSocketChannel.open().bind(ANY_PORT)) {
        assertChannelsRead(server);
      }
    });
  }

  @Test
  void unixDomainChannelRead(@TempDir Path folder) throws Exception {
    Async.run(() -> {
      try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        assertChannelsRead(server);
      }
    });
  }

  private static void assertChannelsRead(ServerSocketChannel server) throws Exception {
    try (var client = SocketChannel.open(server.getLocalAddress());
        var accepted = server.accept()) {
      int read =
          Ticking.until(
              () -> accepted.write(ByteBuffer.allocate(3)),
              () -> client.read(ByteBuffer.allocate(10)));
      assertThat(read).isEqualTo(3);
    }
  }

  @Test
  void pipeRead() throws Exception {
    Async.run(() -> {
      var pipe = Pipe.open();
      int read =
          Ticking.until(
              () -> pipe.sink().write(ByteBuffer.allocate(3)),
              () -> pipe.source().read(ByteBuffer.allocate(10)));
      assertThat(read).isEqualTo(3);
    });
  }

  @Test
  void select() throws Exception {
    Async.run(() -> {
      try (var selector = Selector.open()) {
        var pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        pipe.source().register(selector, SelectionKey.OP_READ);
        int selected =
            Ticking.until(() -> pipe.sink().write(ByteBuffer.allocate(1)), () -> selector.select());
        assertThat(selected).isEqualTo(1);
      }
    });
  }

  @Test
  void asynchronousChannelsFuture() throws Exception {
    Async.run(() -> {
      try (var server = AsynchronousServerSocketChannel.open().bind(ANY_PORT);
          var client = AsynchronousSocketChannel.open()) {
        client.connect(server.getLocalAddress()).get();
        try (var accepted = server.accept().get()) {
          int read =
              Ticking.until(
                  () -> accepted.write(ByteBuffer.allocate(3)).get(),
                  () -> client.read(ByteBuffer.allocate(10)).get());
          assertThat(read).isEqualTo(3);
        }
      }
    });
  }

  // --- datagrams

  @Test
  void datagramReceive() throws Exception {
    Async.run(() -> {
      try (var receiver = new DatagramSocket(ANY_PORT);
          var sender = new DatagramSocket(ANY_PORT)) {
        var packet = new DatagramPacket(new byte[10], 10);
        Ticking.until(
            () -> sender.send(new DatagramPacket(new byte[3], 3, receiver.getLocalSocketAddress())),
            () -> receiver.receive(packet));
        assertThat(packet.getLength()).isEqualTo(3);
      }
    });
  }

  @Test
  void datagramChannelReceive() throws Exception {
    Async.run(() -> {
      try (var receiver = DatagramChannel.open().bind(ANY_PORT);
          var sender = DatagramChannel.open().bind(ANY_PORT)) {
        var buffer = ByteBuffer.allocate(10);
        Ticking.until(
            () -> sender.send(ByteBuffer.allocate(3), receiver.getLocalAddress()),
            () -> receiver.receive(buffer));
        assertThat(buffer.position()).isEqualTo(3);
      }
    });
  }

  // --- two loops, and after the first

  @Test
  void aSocketOutlivesTheLoopThatOpenedIt() throws Exception {
    try (var pair = Async.run(SocketPair::connect)) {
      Async.run(() -> Ticking.until(() -> pair.write(7), pair::read));
    }
  }

  @Test
  void tasksOfTwoLoopsTalk() throws Exception {
    try (var server = listen();
        var loop = EventLoop.builder().start()) {
      var served = loop.submit(() -> echo(server.accept()));
      assertThat(Async.run(() -> call(server, "hello"))).isEqualTo("hello");
      served.get();
    }
  }
}
