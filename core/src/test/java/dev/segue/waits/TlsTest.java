package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS sockets whose two ends are tasks, with a key of its own for each run of the tests. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {
  private static SSLContext tls;

  @BeforeAll
  static void makeKey(@TempDir Path folder) throws Exception {
    tls = Tls.selfSigned(folder);
  }

  private static SSLServerSocket listen() throws IOException {
    return (SSLServerSocket)
        tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  private static SSLSocket connectTo(SSLServerSocket server) throws IOException {
    return (SSLSocket)
        tls.getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  @Test
  void aHandshakeWithASlowServer() throws Exception {
    Async.run(() -> {
      try (var server = listen();
          var client = connectTo(server);
          var accepted = (SSLSocket) server.accept()) {
        Ticking.until(accepted::startHandshake, client::startHandshake);
        assertThat(client.getSession().isValid()).isTrue();
      }
    });
  }

  @Test
  void read() throws Exception {
    Async.run(() -> {
      try (var server = listen();
          var client = connectTo(server);
          var accepted = (SSLSocket) server.accept()) {
        Async.gather(client::startHandshake, accepted::startHandshake);
        int read =
            Ticking.until(
                () -> accepted.getOutputStream().write(7), () -> client.getInputStream().read());
        assertThat(read).isEqualTo(7);
      }
    });
  }

  @Test
  void aCancelledReadEndsItsTaskAndClosesTheSocket() throws Exception {
    Async.run(() -> {
      try (var server = listen();
          var client = connectTo(server);
          var accepted = (SSLSocket) server.accept()) {
        Async.gather(client::startHandshake, accepted::startHandshake);
        var reading = Async.createTask(() -> client.getInputStream().read());
        Ticking.tick();
        reading.cancel();
        assertThat(reading.outcome()).isInstanceOf(Outcome.Cancellation.class);
        assertThat(client.isClosed()).isTrue();
      }
    });
  }

  @Test
  void manyConnectionsAtTheSameTime() throws Exception {
    var all = IntStream.range(0, 20).boxed().toList();
    Async.run(() -> {
      try (var server = listen()) {
        var echoed = new CountDownLatch(all.size());
        var serving =
            Async.createTask(() -> {
              while (true) {
                var connection = server.accept();
                Async.createTask(() -> {
                  try (connection) {
                    var out = connection.getOutputStream();
                    out.write(connection.getInputStream().read());
                    echoed.countDown();
                  }
                });
              }
            });
        assertThat(Async.map(all, 20, value -> call(server, value))).isEqualTo(all);
        echoed.await();
        serving.cancel();
        serving.outcome();
      }
    });
  }

  private static int call(SSLServerSocket server, int value) throws IOException {
    try (var socket = connectTo(server)) {
      socket.getOutputStream().write(value);
      return socket.getInputStream().read();
    }
  }
}
