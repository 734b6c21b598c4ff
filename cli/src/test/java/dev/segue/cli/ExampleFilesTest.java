package dev.segue.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Async;
import dev.segue.futures.Futures;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.testing.Explorer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each example is a file that can be copied out and run by itself. */
@Timeout(60)
class ExampleFilesTest {
  private static final Path FOLDER = Path.of("src/main/examples");

  private static final List<String> SERVERS = List.of("ChatServer.java", "FileServer.java");

  @TempDir Path elsewhere;

  static List<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereIsOneForEachExampleAndServer() throws IOException {
    assertThat(files())
        .hasSize(ArticleExamples.ALL.size() + ExploredExample.ALL.size() + SERVERS.size());
  }

  @ParameterizedTest
  @FieldSource("SERVERS")
  void aServerHas80LinesAtTheMost(String server) throws IOException {
    assertThat(Files.readAllLines(FOLDER.resolve(server))).hasSizeLessThanOrEqualTo(80);
  }

  @ParameterizedTest
  @MethodSource("files")
  void importsOnlyTheJdkAndSegue(Path file) throws IOException {
    assertThat(Files.readAllLines(file).stream().filter(line -> line.startsWith("import ")))
        .allSatisfy(line ->
            assertThat(line)
                .matches(
                    "import (java\\.[a-z.]+|dev\\.segue(\\.futures|\\.process|\\.testing)?)\\.\\w+;"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void compilesWithNothingButSegue(Path file) throws Exception {
    compileAlone(file.getFileName().toString());
  }

  private void compileAlone(String file) throws Exception {
    var errors = new ByteArrayOutputStream();
    var copy = Files.copy(FOLDER.resolve(file), elsewhere.resolve(file));
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

  @Test
  void oneWithProcessesRunsCompiledBesideSegue() throws Exception {
    compileAlone("SortProcesses.java");
    assertThat(run("SortProcesses", "--class-path=" + segue() + File.pathSeparator + elsewhere))
        .hasSize(2)
        .last()
        .asString()
        .matches("\\d\\d:\\d\\d:\\d\\d:MainThread:Sorting Completed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SortSync", "SortProcesses", "SortThreads"})
  void theMergeSortSorts(String name) throws Exception {
    var sort = Class.forName(name).getDeclaredMethod("mergeSort", int[].class);
    sort.setAccessible(true);
    for (int length = 1; length < 100; length++) {
      var list = new Random(length).ints(length, 0, 50).toArray();
      var sorted = list.clone();
      Arrays.sort(sorted);
      assertThat(sort.invoke(null, list)).isEqualTo(sorted);
    }
  }

  private List<String> runAlone(String file, String... options) throws Exception {
    return run(Files.copy(FOLDER.resolve(file), elsewhere.resolve(file)).toString(), options);
  }

  private List<String> run(String program, String... options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Collections.addAll(command, options);
    Collections.addAll(command, "-Dscale=0.01", program);
    var process =
        new ProcessBuilder(command).directory(elsewhere.toFile()).redirectErrorStream(true).start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  private static String segue() throws URISyntaxException {
    var jars = new ArrayList<String>();
    for (var type :
        List.of(Futures.class, Async.class, ProcessPoolExecutor.class, Explorer.class)) {
      jars.add(jar(type).toString());
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Path jar(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }
}
