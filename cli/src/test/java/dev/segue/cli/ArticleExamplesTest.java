package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each example, in real time, as that is what they are about. */
@Timeout(180)
class ArticleExamplesTest {
  static Stream<String> names() {
    return ArticleExamples.ALL.stream().map(Example::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void agrees(String name) {
    var cli = Cli.run("examples", name, "--scale", "0.2");
    if (isTooFast(cli)) {
      cli = Cli.run("examples", name);
    }
    assertThat(cli.exitCode()).as(cli.out()).isZero();
    assertThat(cli.out()).containsPattern("agrees with the article: |as expected: ");
    assertThat(cli.err()).isEmpty();
  }

  /**
   * Whether a run differs in other things than values: a busy machine may need more time between
   * two lines, or to notice that a loop is held.
   */
  private static boolean isTooFast(Cli cli) {
    return cli.out()
        .lines()
        .filter(line -> line.matches("(DIFFERS|NOT as expected).*"))
        .anyMatch(line -> !line.contains("value") && !line.contains("it failed"));
  }

  @Test
  void raceDbAgreesOnAServerTooWhereStatementsWait() throws Exception {
    var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    try {
      var url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:race";
      var cli = Cli.run("examples", "race-db", "--scale", "0.2", "--db", url);
      assertThat(cli.exitCode()).as(cli.out()).isZero();
      assertThat(cli.out()).contains("Statements may wait, so on the loop a lock keeps the update");
    } finally {
      server.stop();
    }
  }

  @Test
  void comeInTheArticlesOrder() {
    assertThat(names())
        .containsExactly(
            "sync",
            "threads",
            "thread-pool",
            "tasks",
            "gather",
            "blocking-call",
            "race",
            "race-lock",
            "race-free",
            "deadlock",
            "sort-sync",
            "sort-processes",
            "sort-threads",
            "race-db");
  }
}
