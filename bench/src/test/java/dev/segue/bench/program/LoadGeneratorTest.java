package dev.segue.bench.program;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against servers of a thread each, some of which do not do as they should. */
@Timeout(60)
class LoadGeneratorTest {
  @Test
  void asksAnEchoServer() throws Exception {
    assertThat(load(Sockets::echo, false)).matches("[\\d.E]+ [\\d.E-]+");
  }

  @Test
  void asksAnHttpServer() throws Exception {
    assertThat(load(Sockets::http, true)).matches("[\\d.E]+ [\\d.E-]+");
  }

  @Test
  void aServerThatHangsUpIsAFailure() throws Exception {
    assertThat(load(Socket::close, true)).startsWith(LoadGenerator.FAILED);
    assertThat(load(Socket::close, false)).startsWith(LoadGenerator.FAILED);
  }

  @Test
  void anAnswerThatIsTooLongIsAFailure() throws Exception {
    assertThat(
            load(
                connection -> {
                  connection.getInputStream().readNBytes(64);
                  connection.getOutputStream().write(new byte[65]);
                },
                false))
        .isEqualTo(LoadGenerator.FAILED + "the server sent 1 bytes too many");
  }

  @Test
  void anAnswerThatIsNo200IsAFailure() throws Exception {
    assertThat(
            load(
                connection -> {
                  connection.getInputStream().read();
                  connection
                      .getOutputStream()
                      .write("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
                },
                true))
        .contains("no answer of known length with status 200: HTTP/1.1 404 Gone");
  }

  @Test
  void blankLinesAreFoundInPieces() {
    var blankLine = new Sockets.BlankLine();
    int found = 0;
    for (byte next : "a\r\nb\r\r\n\r\n\r\n\r\n\n\r\n".getBytes(US_ASCII)) {
      found += blankLine.endsWith(next) ? 1 : 0;
    }
    assertThat(found).isEqualTo(2);
  }

  private static String load(Sockets.Handler handler, boolean http) throws IOException {
    try (var server = Sockets.listen()) {
      Thread.ofPlatform().daemon().start(() -> serve(server, handler));
      return LoadGenerator.load(
          http, new String[] {String.valueOf(server.getLocalPort()), "2", "0.05"});
    }
  }

  private static void serve(ServerSocket server, Sockets.Handler handler) {
    try {
      while (true) {
        var connection = server.accept();
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                handler.serve(connection);
              } catch (IOException _) {
                // the generator has hung up on a server that does not do as it should
              }
            });
      }
    } catch (IOException _) {
      // the end of the test
    }
  }
}
