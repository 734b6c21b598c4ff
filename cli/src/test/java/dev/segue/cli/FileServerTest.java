package dev.segue.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file server, with real clients. */
@Timeout(60)
class FileServerTest {
  private static final String HELLO = "hello, wörld\n";

  @TempDir private Path folder;

  private ExampleServer server;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(folder.resolve("secret"), "outside");
    var root = Files.createDirectory(folder.resolve("root")).toRealPath();
    Files.writeString(root.resolve("hello.txt"), HELLO);
    server = new ExampleServer("FileServer", root);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Path root() {
    return folder.resolve("root");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    try (var client = client()) {
      return client.send(request.build(), BodyHandlers.ofString(UTF_8));
    }
  }

  // --- what it answers

  @Test
  void getGivesTheFile() throws Exception {
    var response = send(request("/hello.txt"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(HELLO);
  }

  @Test
  void headGivesItsLengthAlone() throws Exception {
    var response = send(request("/hello.txt").HEAD());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValueAsLong("Content-Length"))
        .hasValue(HELLO.getBytes(UTF_8).length);
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 3_000_000})
  void aFileOfAnySizeArrivesWhole(int size) throws Exception {
    var bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(root().resolve("some file"), bytes);
    try (var client = client()) {
      var response = client.send(request("/some%20file").build(), BodyHandlers.ofByteArray());
      assertThat(Arrays.equals(response.body(), bytes)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/none", "/", "/%00", "/a%20b"})
  void whatIsNotAFileIsNotFound(String path) throws Exception {
    assertThat(send(request(path)).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void othersThanGetAndHeadAreNotAllowed(String method) throws Exception {
    var response = send(request("/hello.txt").method(method, BodyPublishers.ofString("body")));
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  // --- what it refuses; HttpClient would not send such things

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret",
        "/../root/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "//../secret",
        "../secret",
        "/link",
        "/etc/../../../../../../../../../../etc/passwd"
      })
  void nothingOutsideOfTheFolderIsFound(String path) throws IOException {
    Files.createSymbolicLink(root().resolve("link"), folder.resolve("secret"));
    assertThat(exchange("GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 404 ");
  }

  @Test
  void aHeadOfMoreThan8KilobytesIsRefused() throws IOException {
    assertThat(exchange("GET / HTTP/1.1\r\nX: " + "x".repeat(9000)))
        .startsWith("HTTP/1.1 431 ")
        .contains("\r\nConnection: close\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n\r\n", "   \r\n\r\n", "GET\r\n\r\n", "\u0016\u0003\u0001\r\n\r\n"})
  void nonsenseIsRefused(String nonsense) throws IOException {
    assertThat(exchange(nonsense, "GET /hello.txt HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 4");
  }

  // --- connections

  @Test
  void aConnectionServesSeveralRequestsAlsoIfTheyAreSentAtOnce() throws IOException {
    var get = "GET /hello.txt HTTP/1.1\r\n\r\n";
    var last = "GET /hello.txt HTTP/1.1\r\nconnection: Close\r\n\r\n";
    assertThat(exchange(get + "GET /none HTTP/1.1\r\n\r\n" + get, last))
        .containsSubsequence(
            "HTTP/1.1 200 OK", "HTTP/1.1 404 ", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {" HTTP/1.0\r\n\r\n", " HTTP/1.1\r\nConnection: close\r\n\r\n"})
  void itClosesTheConnectionOfAClientThatWantsNoMore(String end) throws IOException {
    assertThat(exchange("GET /hello.txt" + end)).contains("\r\nConnection: close\r\n");
  }

  @Test
  void itsEndEndsConnectionsThatAreOpen() throws IOException {
    try (var open = server.connect()) {
      assertThat(get(open, new BufferedInputStream(open.getInputStream()))).contains("200 OK");
      server.close();
      assertThat(open.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Sends each text, and returns all that comes until the server closes the connection. */
  private String exchange(String... texts) throws IOException {
    try (var socket = server.connect()) {
      for (var text : texts) {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      }
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  // --- a thousand at once

  @Test
  void aThousandOpenConnectionsAreServedAgainAndAgain() throws IOException {
    ExampleServer.assumeRoomForACrowd();
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < ExampleServer.CROWD; i++) {
      sockets.add(server.connect());
    }
    for (int round = 0; round < 3; round++) {
      for (var socket : sockets) {
        request(socket);
      }
      for (var socket : sockets) {
        assertThat(response(socket.getInputStream())).startsWith("HTTP/1.1 200 OK\r\n");
      }
    }
    for (var socket : sockets) {
      socket.close();
    }
  }

  private static String get(Socket socket, InputStream in) throws IOException {
    request(socket);
    return response(in);
  }

  private static void request(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
  }

  private static String response(InputStream in) throws IOException {
    var response = new StringBuilder();
    while (response.indexOf("\r\n\r\n") < 0) {
      response.append((char) in.read());
    }
    int length = HELLO.getBytes(UTF_8).length;
    return response.append(new String(in.readNBytes(length), UTF_8)).toString();
  }

  @Test
  void aThousandRequestsOfHttpClientAtOnceAreAnswered() {
    ExampleServer.assumeRoomForACrowd();
    try (var client = client()) {
      var request = request("/hello.txt").build();
      var responses =
          IntStream.range(0, ExampleServer.CROWD)
              .mapToObj(_ -> client.sendAsync(request, BodyHandlers.ofString(UTF_8)))
              .toList();
      assertThat(responses.stream().map(CompletableFuture::join).map(HttpResponse::body))
          .hasSize(ExampleServer.CROWD)
          .containsOnly(HELLO);
    }
  }

  @Test
  void wrkWithAThousandConnectionsSeesNoErrors() throws Exception {
    ExampleServer.assumeRoomForACrowd();
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "wrk"))),
        "wrk is not installed");
    var url = "http://localhost:" + server.port() + "/hello.txt";
    var wrk =
        new ProcessBuilder("wrk", "-t1", "-c" + ExampleServer.CROWD, "-d2", "--timeout", "30", url)
            .redirectErrorStream(true)
            .start();
    try (var output = wrk.inputReader()) {
      assertThat(output.readAllAsString())
          .contains("Requests/sec")
          .doesNotContain("Socket errors", "Non-2xx");
      assertThat(wrk.waitFor()).isZero();
    } finally {
      wrk.destroyForcibly();
    }
  }
}
