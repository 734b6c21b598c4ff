package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C, in a JVM of its own. */
@Timeout(60)
class InterruptTest {
  @ParameterizedTest
  @CsvSource({
    "sync, TWO received", // in a wait of the main thread
    "gather, FIVE received", // in a wait of the loop
    "blocking-call, THREE received", // while a task holds the loop
    "race-db, Sleeping", // while a database is open
  })
  void endsTheCommandAtOnceWith130(String example, String line) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--class-path=" + System.getProperty("java.class.path"),
                Main.class.getName(),
                "examples",
                example)
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      awaitLine(output, line);
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
      assertThat(output.lines()).noneMatch(rest -> rest.contains("Exception"));
    } finally {
      process.destroyForcibly();
    }
  }

  private static void awaitLine(BufferedReader output, String text) throws Exception {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(text)) {
        return;
      }
    }
    throw new AssertionError("'" + text + "' never came");
  }
}
