package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BenchCommandTest {
  @TempDir Path folder;

  @Test
  void aWorkIsMeasuredAndWrittenAsAPageAndAPicture() throws Exception {
    var html = folder.resolve("page.html");
    var cli =
        Cli.run(
            "bench",
            "spawn-all",
            "--no-peers",
            "--rounds=1",
            "--scale=0.001",
            "--html=" + html,
            "--svg=" + folder.resolve("pictures"));
    assertThat(cli.out())
        .startsWith("rounds: 1, scale: 0.001, processors: ")
        .contains("\nspawn and await, all at once, ns ", "raw Continuation", "\nSegue: Java ");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isZero();
    assertThat(Files.readString(html)).contains("<h2>spawn and await, all at once</h2>");
    assertThat(Files.readString(folder.resolve("pictures/bench-spawn-all.svg"))).startsWith("<svg");
  }

  @Test
  void jsonHasEverySampleAndTheBarsDecideTheExitCode() {
    var cli = Cli.run("bench", "switch", "--no-peers", "--rounds=2", "--scale=0.001", "--json");
    assertThat(cli.out())
        .contains("\"work\":\"switch\"", "\"segue\":{\"median\":", "\"ratioToSegue\":1.0")
        .containsPattern("\"samples\":\\[[^,\\]]+,[^,\\]]+]")
        .contains("\"bar\":\"≤ 1.7 × raw Continuation\",\"measured\":")
        .contains("\"versions\":{\"Segue\":\"Java ")
        .hasLineCount(1);
    assertThat(cli.exitCode()).isEqualTo(cli.out().startsWith("{\"met\":true") ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "swich              | unknown workload 'swich'; the workloads are switch, spawn-await,",
        "--rounds 0         | --rounds must be from 1 to 100, not 0",
        "--scale 11         | --scale must be from 0.001 to 10, not 11.0",
        "--html /none/x     | --html: /none/x cannot be written",
        "--html src         | --html: src cannot be written",
        "--svg pom.xml      | --svg: pom.xml is not a folder and cannot become one",
        "--peer             | Unknown option: '--peer'",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(("bench " + arguments).split(" "));
    assertThat(cli.err()).startsWith("segue bench: ").contains(message).hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void theListSaysWhatEachWorkIs() {
    var cli = Cli.run("bench", "--list");
    assertThat(cli.out()).contains("echo-1000    TCP echo, 1,000 connections", "handed from one");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void helpNamesTheWorksTheOptionsAndTheExitCodes() {
    var cli = Cli.run("bench", "--help");
    assertThat(cli.out())
        .contains("--[no-]peers", "spawn-await", "process-pool")
        .containsPattern("130 +interrupted");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void ctrlCEndsTheProgramsToo() throws Exception {
    try (var jvm =
        ChildJvm.of(Main.class).arguments("bench", "switch", "--no-peers", "--scale=10").start()) {
      var first = jvm.await("rounds: ");
      while (jvm.handle().children().findAny().isEmpty()) {
        Thread.sleep(10);
      }
      var children = jvm.handle().children().toList();
      jvm.signal("INT");
      assertThat(jvm.exitCode()).isEqualTo(130);
      for (var child : children) {
        child.onExit().get(10, TimeUnit.SECONDS);
      }
      assertThat(jvm.output()).isEqualTo(first);
    }
  }
}
