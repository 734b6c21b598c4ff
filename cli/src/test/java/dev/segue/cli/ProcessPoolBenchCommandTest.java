package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProcessPoolBenchCommandTest {
  @Test
  void aWorkIsMeasuredAndTheBarsDecideTheExitCode() {
    var cli =
        Cli.run("bench", "process-pool", "round-trip", "--rounds=1", "--scale=0.001", "--json");
    assertThat(cli.out())
        .contains(
            "\"work\":\"round-trip\"",
            "\"segue\":{\"median\":",
            "\"bare\":{\"median\":",
            "\"fork-join\":{\"median\":",
            "\"bar\":\"≤ 1.5 × bare\"")
        .hasLineCount(1);
    assertThat(cli.exitCode()).isEqualTo(cli.out().startsWith("{\"met\":true") ? 0 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "roundtrip          | unknown workload 'roundtrip'; the workloads are round-trip, at-once, lists,",
        "--rounds 0         | --rounds must be from 1 to 100, not 0",
        "--rounds many      | 'many' is not an int",
        "--scale 0          | --scale must be from 0.001 to 10, not 0.0",
        "--scale NaN        | --scale must be from 0.001 to 10, not NaN",
        "--workers 0        | --workers must be from 1 to 64, not 0",
        "--workers 65       | --workers must be from 1 to 64, not 65",
        "sort --svg x.svg   | --svg is for the workload payload, which is not one of those",
        "--svg /none/x.svg  | --svg: /none/x.svg cannot be written",
        "--svg src          | --svg: src cannot be written",
        "--svgg x           | Unknown option: '--svgg'",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(("bench process-pool " + arguments).split(" "));
    assertThat(cli.err())
        .startsWith("segue bench process-pool: ")
        .contains(message)
        .hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @Test
  void helpNamesTheWorksAndTheExitCodes() {
    var cli = Cli.run("bench", "process-pool", "--help");
    assertThat(cli.out()).contains("first-result").containsPattern("130 +interrupted");
    assertThat(cli.exitCode()).isZero();
  }
}
