package dev.segue.compare.workload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web site on this machine whose pages take as long as their address says. It runs in the process
 * that compares, so that what it uses of the processor counts for no model.
 */
final class HttpSite implements Surroundings {
  static final String PARAMETER = "site";

  /** As many connections may begin at the same moment. */
  private static final int BACKLOG = 10_000;

  private static final String CONTENT = "All work and no play makes a dull page. ".repeat(50);

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  HttpSite() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(executor);
    server.createContext("/", HttpSite::answer);
    server.start();
  }

  /** The address of a page that takes this long. */
  static URI page(String site, int number, Duration latency) {
    return URI.create(site + "/" + number + "/" + latency.toNanos());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var page = Path.of(exchange.getRequestURI().getPath()); // number, latency
      Thread.sleep(Duration.ofNanos(Long.parseLong(page.getName(1).toString())));
      var body = ("Page " + page.getName(0) + ". " + CONTENT).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // the site closes
    }
  }

  @Override
  public Map<String, String> parameters() {
    var address = server.getAddress();
    return Map.of(
        PARAMETER, "http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
