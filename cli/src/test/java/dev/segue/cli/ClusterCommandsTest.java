package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs a cluster, where Spark is not on the class path. */
@Timeout(20)
class ClusterCommandsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "examples sort-cluster                       | sort-cluster needs Apache Spark, which only",
        "examples sync --master new                  | --master is for sort-cluster, which is not one",
        "examples sort-cluster --master local        | 'local' is neither spark://host:port nor new",
        "bench cluster round-trip                    | the benchmark of a cluster needs Apache Spark",
        "bench cluster roundtrip                     | the workloads are round-trip, at-once, lists, sort",
        "bench cluster --rounds 0                    | --rounds must be from 1 to 100, not 0",
        "bench cluster sort --svg x.svg              | --svg is for the workload length, which is not",
        "bench cluster --svg src                     | --svg: src cannot be written",
        "compare sort --master new                   | --master needs Apache Spark, which only",
        "compare sort --master spark://host          | 'spark://host' is neither spark://host:port nor",
        "compare sort --models cluster,sync          | --models: cluster needs --master",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(arguments.split(" "));
    assertThat(cli.err()).startsWith("segue ").contains(message).hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void theBenchmarksHelpNamesTheWorks() {
    var cli = Cli.run("bench", "cluster", "--help");
    assertThat(cli.out()).contains("cold-sort", "--master", "220 MB");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aMisspeltNameLeadsToTheExample() {
    assertThat(Cli.run("examples", "sort-clutser").err()).contains("did you mean 'sort-cluster'?");
  }

  @Test
  void allExamplesAreThoseWithoutACluster() {
    assertThat(Cli.run(List.of(), "examples").out()).doesNotContain("sort-cluster: ");
  }

  // --- rounds

  private static void work(int millis) throws InterruptedException {
    System.out.println("12:39:00:MainThread:begin");
    Thread.sleep(millis); // the time it takes is what is measured
    System.out.println("12:39:00:MainThread:end");
  }

  @Test
  void eachRoundHasASpeedUpOfItsOwn() {
    var part =
        Part.of(
            """
            0   MainThread:begin
            1 ~ MainThread:end
            """);
    var slow = new Example("slow", "slow", Example.Source.EXPECTED, () -> work(40), List.of(part));
    var twice =
        new Example(
            "twice",
            "twice",
            Example.Source.EXPECTED,
            () -> {
              work(30);
              System.out.println("again");
              work(1);
            },
            List.of(part, part),
            List.of("slow"),
            List.of("cold", "warm"));
    assertThat(Cli.run(List.of(slow, twice), "examples").out())
        .containsPattern(
            "2 of 2 examples agree.\n"
                + "twice was \\d+\\.\\d\\d times as fast as slow, cold.\n"
                + "twice was \\d+\\.\\d\\d times as fast as slow, warm.\n$");
    assertThat(Cli.run(List.of(slow, twice), "examples", "--json").out())
        .contains("\"round\":\"warm\"");
  }
}
