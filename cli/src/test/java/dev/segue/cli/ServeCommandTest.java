package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code segue serve}, in a JVM of its own where it serves. */
@Timeout(60)
class ServeCommandTest {
  @FunctionalInterface
  private interface Visit {
    void to(int port) throws IOException;
  }

  /** Starts a server, visits it at the address that it prints, and ends it with a signal. */
  private static void serve(String signal, Visit visit, String... arguments) throws Exception {
    try (var jvm = ChildJvm.of(Main.class).arguments("serve").arguments(arguments).start()) {
      var first = jvm.await("localhost");
      var port = Pattern.compile("localhost[: ](\\d+)").matcher(first);
      assertThat(port.find()).as(first).isTrue();
      visit.to(Integer.parseInt(port.group(1)));
      jvm.signal(signal);
      assertThat(jvm.output()).matches(".*\nThe .* has ended: received SIG" + signal);
      assertThat(jvm.exitCode()).isZero();
    }
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void chatServesUntilCtrlC() throws Exception {
    serve(
        "INT",
        port -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("ann\n".getBytes());
            var lines = new String(socket.getInputStream().readNBytes(26));
            assertThat(lines).isEqualTo("Your name?\nann has joined\n".substring(0, 26));
          }
        },
        "chat",
        "--port",
        "0");
  }

  @Test
  void filesServesTheFolderUntilTerm() throws Exception {
    serve(
        "TERM",
        port -> {
          var url = URI.create("http://localhost:" + port + "/pom.xml").toURL();
          try (var in = url.openStream()) {
            assertThat(new String(in.readAllBytes())).contains("segue-cli");
          }
        },
        "files",
        "--port",
        "0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat", "files"})
  void aPortThatIsTakenIsOneClearLineAndExitsWith1(String server) throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var cli = Cli.run("serve", server, "--port", "" + taken.getLocalPort());
      assertThat(cli.err())
          .startsWith("segue serve " + server + ": port " + taken.getLocalPort() + ": ")
          .contains("in use")
          .hasLineCount(1);
      assertThat(cli.exitCode()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serve                    | segue serve: say what to serve: chat or files",
        "serve mail               | segue serve: Unmatched argument at index 1: 'mail'",
        "serve chat --port 70000  | segue serve chat: --port must be from 0 to 65535, not 70000",
        "serve chat --port x      | segue serve chat: Invalid value for option '--port'",
        "serve files /none        | segue serve files: there is no folder /none",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(arguments.split(" "));
    assertThat(cli.err()).startsWith(message).hasLineCount(1);
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void helpNamesTheServersAndTheExitCodes() {
    var cli = Cli.run("serve", "--help");
    assertThat(cli.out()).contains("chat", "files", "stopped by Ctrl-C", "nc localhost 7000");
    assertThat(Cli.run("serve", "files", "--help").out()).contains("FOLDER", "--port");
  }
}
