package dev.segue.libraries;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.segue.Async;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** HTTP clients, whose server does not answer. */
class HttpTest extends Contract {
  private static final String ANSWER = "here you are";

  private final CountDownLatch closing = new CountDownLatch(1);
  private final HttpClient jdk = HttpClient.newHttpClient();
  private final OkHttpClient okHttp =
      new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(2L * Trial.SECONDS)).build();
  private final CloseableHttpClient apache =
      HttpClients.custom()
          .setConnectionManager(
              PoolingHttpClientConnectionManagerBuilder.create()
                  .setMaxConnTotal(1)
                  .setMaxConnPerRoute(1)
                  .build())
          .setDefaultRequestConfig(
              RequestConfig.custom()
                  .setConnectionRequestTimeout(Timeout.ofSeconds(2L * Trial.SECONDS))
                  .build())
          .build();
  private HttpServer server;

  @BeforeAll
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/fast", HttpTest::answer);
    server.createContext(
        "/slow",
        exchange -> {
          try {
            closing.await();
          } catch (InterruptedException _) {
            // Closing, too.
          }
          answer(exchange);
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (var body = exchange.getResponseBody()) {
      body.write(ANSWER.getBytes(StandardCharsets.UTF_8));
    }
  }

  @AfterAll
  void close() throws IOException {
    closing.countDown();
    jdk.shutdownNow();
    okHttp.dispatcher().executorService().shutdownNow();
    apache.close();
    server.stop(0);
  }

  @Override
  Stream<Trial> trials() {
    return Stream.of(
        trial(
            "HttpClient.send",
            Waits.IN_THE_JDK,
            uri -> jdk.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body()),
        trial(
            "HttpClient.sendAsync and await",
            Waits.IN_SEGUE,
            uri ->
                Async.await(
                        jdk.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()))
                    .body()),
        trial(
            "OkHttp, execute",
            Waits.IN_THE_JDK,
            uri -> {
              try (var response = okHttp.newCall(request(uri)).execute()) {
                return response.body().string();
              }
            }),
        trial("OkHttp, enqueue and await", Waits.IN_SEGUE, this::enqueued),
        trial("Apache HttpClient 5", Waits.IN_THE_JDK, this::byApache),
        new Trial(
            "Apache HttpClient 5, no connection is free",
            Waits.IN_THE_JDK,
            () -> {
              try (var _ = apache.executeOpen(null, new HttpGet(uri("/fast")), null)) {
                byApache(uri("/fast"));
              }
            },
            () -> byApache(uri("/fast"))));
  }

  private interface Get {
    String of(URI uri) throws Exception;
  }

  private Trial trial(String name, Waits waits, Get get) {
    return new Trial(
        name,
        waits,
        () -> get.of(uri("/slow")),
        () -> assertThat(get.of(uri("/fast"))).isEqualTo(ANSWER));
  }

  private URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private static Request request(URI uri) {
    return new Request.Builder().url(uri.toString()).build();
  }

  private String enqueued(URI uri) throws IOException {
    var answer = new CompletableFuture<Response>();
    var call = okHttp.newCall(request(uri));
    call.enqueue(
        new Callback() {
          @Override
          public void onResponse(Call call, Response response) {
            answer.complete(response);
          }

          @Override
          public void onFailure(Call call, IOException e) {
            answer.completeExceptionally(e);
          }
        });
    try (var response = Async.await(answer)) {
      return response.body().string();
    } finally {
      call.cancel();
    }
  }

  private String byApache(URI uri) throws IOException {
    return apache.execute(new HttpGet(uri), response -> EntityUtils.toString(response.getEntity()));
  }
}
