package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segue.Async;
import dev.segue.EventLoop;
import io.undertow.Undertow;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A loop as the executor of a server: handlers are tasks, which share state without locks. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServersTest {
  private static final int REQUESTS = 50;

  private final EventLoop loop = EventLoop.builder().name("server").start();
  private final HttpClient client = HttpClient.newHttpClient();

  // Touched by handlers alone, so on the loop.
  private int served;
  private int active;
  private int mostActive;

  @AfterEach
  void close() {
    client.shutdownNow();
    loop.close();
  }

  /** What every handler does: reads, waits, and writes, in which no other may come between. */
  private byte[] handle() {
    assertThat(Async.currentTask().loop()).isSameAs(loop);
    mostActive = Math.max(mostActive, ++active);
    Async.sleep(Duration.ofMillis(20));
    active--;
    int before = served;
    for (int i = 0; i < 1000; i++) {
      Thread.onSpinWait();
    }
    served = before + 1;
    return "served".getBytes(StandardCharsets.UTF_8);
  }

  private void requestManyAtOnce(int port) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/")).build();
    var answers =
        IntStream.range(0, REQUESTS)
            .mapToObj(_ -> client.sendAsync(request, BodyHandlers.ofString()))
            .toList();
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("served"));
    assertThat(loop.submit(() -> List.of(served, active)).get()).containsExactly(REQUESTS, 0);
    assertThat(loop.submit(() -> mostActive).get()).as("most at the same time").isGreaterThan(1);
  }

  @Test
  void jdk() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(loop);
    server.createContext(
        "/",
        exchange -> {
          var answer = handle();
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      requestManyAtOnce(server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void tomcat(@TempDir Path folder) throws Exception {
    var tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().getProtocolHandler().setExecutor(loop);
    var context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "all", new Servlet()).addMapping("/");
    tomcat.start();
    try {
      requestManyAtOnce(tomcat.getConnector().getLocalPort());
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  /** Tomcat's handler. */
  private final class Servlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.getOutputStream().write(handle());
    }
  }

  @Test
  void jetty() throws Exception {
    var threads = new QueuedThreadPool();
    threads.setVirtualThreadsExecutor(loop);
    var server = new Server(threads);
    var connector = new ServerConnector(server);
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            response.write(true, ByteBuffer.wrap(ServersTest.this.handle()), callback);
            return true;
          }
        });
    server.start();
    try {
      requestManyAtOnce(connector.getLocalPort());
    } finally {
      server.stop();
    }
  }

  @Test
  void undertow() throws Exception {
    var server =
        Undertow.builder()
            .addHttpListener(0, "localhost")
            .setHandler(exchange ->
                exchange.dispatch(
                    loop, () -> exchange.getResponseSender().send(ByteBuffer.wrap(handle()))))
            .build();
    server.start();
    try {
      var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
      requestManyAtOnce(address.getPort());
    } finally {
      server.stop();
    }
  }
}
