package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segue.Async;
import dev.segue.CarrierOnly;
import dev.segue.Difference;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP with the JDK's clients, against the JDK's server and against one made of tasks. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HttpTest {
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer server;
  private URI uri;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            release.await();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("hi".getBytes());
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    server.start();
    uri = uri(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.stop(0);
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  private static String get(HttpClient client, URI uri) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void httpClientSend() throws Exception {
    Async.run(() -> {
      try (var client = HttpClient.newHttpClient()) {
        assertThat(Ticking.until(release::countDown, () -> get(client, uri))).isEqualTo("hi");
      }
    });
  }

  @Test
  void httpClientSendAsyncAwaited() throws Exception {
    Async.run(() -> {
      try (var client = HttpClient.newHttpClient()) {
        var response =
            Ticking.until(
                release::countDown,
                () ->
                    Async.await(
                        client.sendAsync(
                            HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())));
        assertThat(response.body()).isEqualTo("hi");
      }
    });
  }

  @Test
  void httpClientOnVirtualThreads() throws Exception {
    Async.run(() -> {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor();
          var client = HttpClient.newBuilder().executor(threads).build()) {
        assertThat(Ticking.until(release::countDown, () -> get(client, uri))).isEqualTo("hi");
      }
    });
  }

  /** Its threads are made in a task of a loop that is gone when the second one uses them. */
  @Test
  void anHttpClientOutlivesTheLoopThatMadeIt() throws Exception {
    release.countDown();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var client =
          Async.run(() -> {
            var made = HttpClient.newBuilder().executor(threads).build();
            assertThat(get(made, uri)).isEqualTo("hi");
            return made;
          });
      try (client) {
        assertThat(Async.run(() -> get(client, uri))).isEqualTo("hi");
        assertThat(get(client, uri)).isEqualTo("hi");
      }
    }
  }

  @Test
  void httpUrlConnection() throws Exception {
    Async.run(() -> {
      var body =
          Ticking.until(
              release::countDown,
              () -> {
                var connection = (HttpURLConnection) uri.toURL().openConnection();
                return new String(connection.getInputStream().readAllBytes());
              });
      assertThat(body).isEqualTo("hi");
    });
  }

  @Test
  void manyRequestsToAServerOfTasks() throws Exception {
    Async.run(() -> {
      try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
          var client = HttpClient.newHttpClient()) {
        var serving =
            Async.createTask(() -> {
              while (true) {
                var connection = listener.accept();
                Async.createTask(() -> answer(connection));
              }
            });
        var target = uri(listener.getLocalPort());
        var bodies =
            Async.map(IntStream.range(0, 50).boxed().toList(), 10, _ -> get(client, target));
        assertThat(bodies).hasSize(50).containsOnly("from a task");
        serving.cancel();
        serving.outcome();
      }
    });
  }

  private static void answer(Socket connection) throws IOException {
    try (connection) {
      var in = connection.getInputStream();
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      connection
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nConnection: close\r\n\r\nfrom a task"
                  .getBytes());
    }
  }
}
