package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code segue examples --explore}. */
class ExploreExamplesTest {
  @Test
  void theOrderThatLosesAnUpdateIsShown() {
    var cli = Cli.run("examples", "race", "--explore");
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out().lines())
        .startsWith("race: one order of two tasks loses an update")
        .anySatisfy(line -> assertThat(line).startsWith("value is 1, not 2 "))
        .anySatisfy(line -> assertThat(line).matches(" +update +audit"))
        .contains("  ── update is held here: the others go first ──")
        .anySatisfy(line -> assertThat(line).startsWith("replay: -Dsegue.replay=v1:"))
        .contains("as expected");
  }

  @Test
  void withoutANameAllAreExplored() {
    var cli = Cli.run("examples", "--explore");
    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out())
        .containsSubsequence("race: ", "race-lock: ", "exhausted: ", "race-free: ", "deadlock: ");
  }

  @Test
  void jsonHasTheLinesOfEach() {
    var cli = Cli.run("examples", "race-free", "--explore", "--json");
    assertThat(cli.exitCode()).isZero();

    assertThat(cli.out())
        .startsWith("{\"agreed\":true")
        .contains("\"name\":\"race-free\"")
        .doesNotContain("\"replay\"");
  }

  @Test
  void jsonHasTheStepsOfAFailureAndHowToReplayIt() {
    var cli = Cli.run("examples", "race", "--explore", "--json");
    assertThat(cli.out())
        .contains(
            "\"kind\":\"FAILED\"",
            "\"replay\":\"v1:1.2~",
            "{\"number\":8,\"task\":\"update\"",
            "{\"after\":4,\"text\":\"update is held here: the others go first\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"race", "deadlock", "race race-lock"})
  void theOrderThatFailsIsWrittenAsAPage(String names, @TempDir Path folder) throws IOException {
    var file = folder.resolve("schedule.html");
    var words = ("examples --explore --report " + file + " " + names).split(" ", -1);
    var cli = Cli.run(words);
    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isZero();
    assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("step by step");
  }

  @Test
  void aPageThatCannotBeWrittenIsAnError(@TempDir Path folder) {
    var file = folder.resolve("none/schedule.html");
    var cli = Cli.run("examples", "race", "--explore", "--report", file.toString());
    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.err()).startsWith("segue examples: cannot write the report to " + file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " race deadlock", " race-lock"})
  void aPageIsOfOneOrderThatFails(String names) {
    var cli = Cli.run(("examples --explore --report out.html" + names).split(" ", -1));
    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("name one of race and deadlock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gather --explore", "race --explore --scale 0.1", "--explore --list"})
  void whatDoesNotGoWithItIsRefused(String line) {
    var words = ("examples " + line).split(" ", -1);
    var cli = Cli.run(words);
    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("--explore");
  }
}
