package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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

    assertThat(cli.out()).startsWith("{\"agreed\":true").contains("\"name\":\"race-free\"");
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
