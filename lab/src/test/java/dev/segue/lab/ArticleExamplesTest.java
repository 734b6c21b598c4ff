package dev.segue.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each example, in real time, as that is what they are about. */
@Timeout(60)
class ArticleExamplesTest {
  static Stream<String> names() {
    return ArticleExamples.ALL.stream().map(Example::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void agrees(String name) {
    var cli = Cli.run("examples", name, "--scale", "0.2");
    assertThat(cli.exitCode()).as(cli.out()).isZero();
    assertThat(cli.out()).containsPattern("agrees with the article: |as expected: ");
    assertThat(cli.err()).isEmpty();
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
            "race-db");
  }
}
