package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

@Timeout(20)
class MasterTest {
  private static Master master(String text) {
    return new Master.Converter().convert(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"new", "spark://host:7077", "spark://one:7077,two:7078"})
  void isReadAsItIsWritten(String text) {
    assertThat(master(text).address()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "old", "local[2]", "yarn", "spark://host", "spark://:7077", "spark://h:70777"})
  void isRefusedIfItIsSomethingElse(String text) {
    assertThatExceptionOfType(TypeConversionException.class)
        .isThrownBy(() -> master(text))
        .withMessage(
            "'%s' is neither spark://host:port nor new, for a cluster on this machine", text);
  }

  @Test
  void aNewOneIsNeverMissing() {
    assertThat(Master.NEW.missing()).isEmpty();
  }

  @Test
  void oneThatListensIsNotMissing() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(master("spark://127.0.0.1:" + server.getLocalPort()).missing()).isEmpty();
      assertThat(master("spark://127.0.0.1:1,127.0.0.1:" + server.getLocalPort()).missing())
          .isEmpty();
    }
  }

  @Test
  void oneThatDoesNotListenIsMissingAndSaidWhy() {
    assertThat(master("spark://127.0.0.1:1").missing().orElseThrow())
        .startsWith("no master answers at spark://127.0.0.1:1 (127.0.0.1:1: ")
        .contains("refused", "'--master new' starts one");
  }

  @Test
  void aHostThatDoesNotExistIsMissingAndSaidWhy() {
    assertThat(master("spark://no-such-host.invalid:7077").missing().orElseThrow())
        .contains("there is no host no-such-host.invalid");
  }
}
