package dev.segue.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example is a file that can be copied out and run by itself. */
@Timeout(60)
class ExampleFilesTest {
  private static final Path FOLDER = Path.of("src/main/examples");

  @TempDir Path elsewhere;

  static List<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereIsOneForEachExample() throws IOException {
    assertThat(files()).hasSameSizeAs(ArticleExamples.ALL);
  }

  @ParameterizedTest
  @MethodSource("files")
  void importsOnlyTheJdkAndSegue(Path file) throws IOException {
    assertThat(Files.readAllLines(file).stream().filter(line -> line.startsWith("import ")))
        .allSatisfy(
            line -> assertThat(line).matches("import (java\\.[a-z.]+|dev\\.segue)\\.\\w+;"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void compilesWithNothingButSegue(Path file) throws Exception {
    var errors = new ByteArrayOutputStream();
    var copy = Files.copy(file, elsewhere.resolve(file.getFileName()));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                "-proc:none",
                "-implicit:none",
                "-d",
                elsewhere.toString(),
                "-cp",
                segue(),
                copy.toString());
    assertThat(result).as(errors.toString(UTF_8)).isZero();
  }

  @Test
  void oneWithoutALoopRunsAloneOnABareJdk() throws Exception {
    assertThat(runAlone("Sync.java"))
        .hasSize(6)
        .last()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d:MainThread:Main Ended");
  }

  @Test
  void oneWithALoopRunsAloneBesideSegue() throws Exception {
    assertThat(
            runAlone(
                "Tasks.java",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--class-path=" + segue()))
        .hasSize(9)
        .last()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d:loop-1:Main Ended");
  }

  private List<String> runAlone(String file, String... options) throws Exception {
    var copy = Files.copy(FOLDER.resolve(file), elsewhere.resolve(file));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(command, options);
    Collections.addAll(command, "-Dscale=0.01", copy.toString());
    var process =
        new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true).start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  private static String segue() throws URISyntaxException {
    return Path.of(Async.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }
}
