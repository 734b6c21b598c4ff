package dev.segue.libraries;

import static dev.segue.Async.currentLoop;
import static dev.segue.Async.run;
import static dev.segue.Async.sleep;

import com.sun.net.httpserver.HttpServer;
import dev.segue.Action;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.hibernate.cfg.Configuration;
import org.hibernate.cfg.JdbcSettings;

/**
 * A program that measures what the first use of a library costs the loop, most of it for loading
 * classes: the processor time of its thread, which does not depend on what else the machine does.
 * Each use is in a JVM of its own.
 */
final class FirstUse {
  private static final int ROUNDS = 3;

  private FirstUse() {}

  private static Map<String, Action<Exception>> uses(Database database, URI uri) {
    var uses = new LinkedHashMap<String, Action<Exception>>();
    uses.put("HikariCP", () -> query(Pools.hikari(database)));
    uses.put("DBCP2", () -> query(Pools.dbcp2(database)));
    uses.put("tomcat-jdbc", () -> query(Pools.tomcatJdbc(database, true)));
    uses.put("c3p0", () -> query(Pools.c3p0(database, true)));
    uses.put("Agroal", () -> query(Pools.agroal(database, true)));
    uses.put("Hibernate on HikariCP", () -> useHibernate(Pools.hikari(database)));
    uses.put("HttpClient", () -> get(uri));
    uses.put("OkHttp", () -> getByOkHttp(uri));
    uses.put("Apache HttpClient 5", () -> getByApache(uri));
    return uses;
  }

  private static void query(DataSource pool) throws Exception {
    try (var connection = pool.getConnection()) {
      Database.query(connection);
    }
  }

  private static void useHibernate(DataSource pool) {
    var configuration = new Configuration().addAnnotatedClass(HibernateTest.Item.class);
    configuration.getProperties().put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, pool);
    configuration
        .buildSessionFactory()
        .inSession(session -> session.createNativeQuery("SELECT 42", Object.class).getResultList());
  }

  private static void get(URI uri) throws IOException, InterruptedException {
    HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
  }

  private static void getByOkHttp(URI uri) throws IOException {
    new OkHttpClient().newCall(new Request.Builder().url(uri.toString()).build()).execute().close();
  }

  private static void getByApache(URI uri) throws IOException {
    HttpClients.createDefault().executeOpen(null, new HttpGet(uri), null).close();
  }

  /** The processor time that the loop's thread has taken for a use, in milliseconds. */
  private static long cost(Action<Exception> use) throws Exception {
    var threads = ManagementFactory.getThreadMXBean();
    return run(() -> {
      long carrier = currentLoop().thread().threadId();
      sleep(Duration.ofMillis(50)); // the loop's own first use
      long before = threads.getThreadCpuTime(carrier);
      use.run();
      return (threads.getThreadCpuTime(carrier) - before) / 1_000_000;
    });
  }

  public static void main(String... args) throws Exception {
    if (args.length > 0) {
      var database = new Database("", args[1], args[2], "");
      IO.println(cost(uses(database, URI.create(args[3])).get(args[0])));
      System.exit(0); // whatever the library has started
    }
    var database = Database.postgresOrH2();
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> exchange.sendResponseHeaders(200, -1));
    server.start();
    var uri = "http://localhost:" + server.getAddress().getPort() + "/";
    IO.println(
        "First use, " + database.product() + " or HTTP, ms of processor time, best of " + ROUNDS);
    for (var name : uses(database, URI.create(uri)).keySet()) {
      long best = Long.MAX_VALUE;
      for (int i = 0; i < ROUNDS; i++) {
        best = Math.min(best, inAnotherJvm(name, database.url(), database.user(), uri));
      }
      IO.println(name + ": " + best);
    }
    System.exit(0);
  }

  private static long inAnotherJvm(String... args) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
    command.add("-Djava.util.logging.config.file=src/test/resources/logging.properties");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstUse.class.getName()));
    command.addAll(List.of(args));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return Long.parseLong(output.strip());
  }
}
