package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C, in a JVM of its own. */
@Timeout(60)
@DisabledWhereSigintIsIgnored
class InterruptTest {
  @ParameterizedTest
  @CsvSource({
    "sync, TWO received", // in a wait of the main thread
    "gather, FIVE received", // in a wait of the loop
    "blocking-call, THREE received", // while a task holds the loop
    "race-db, Sleeping", // while a database is open
  })
  void endsTheCommandAtOnceWith130(String example, String line) throws Exception {
    try (var jvm = ChildJvm.of(Main.class).arguments("examples", example).start()) {
      jvm.await(line);
      jvm.signal("INT");
      assertThat(jvm.exitCode()).isEqualTo(130);
      assertThat(jvm.output()).doesNotContain("Exception");
    }
  }
}
