package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnsweringProgramTest {
  @Test
  void anAnswerIsWhatFollowsTheSign() throws Exception {
    try (var program =
        shell("echo '= 1.0'; while read word rest; do echo \"= $rest $word\"; done")) {
      assertThat(program.version()).isEqualTo("1.0");
      assertThat(program.ask("switch", 10)).isEqualTo("10 switch");
      assertThat(program.ask("queue", 20)).isEqualTo("20 queue");
    }
  }

  @Test
  void whatElseItPrintsIsNoAnswer() throws Exception {
    try (var program = shell("echo '= 1'; read x; echo wait >&2; echo '= 2'; cat")) {
      assertThat(program.ask("switch")).isEqualTo("2");
    }
  }

  @Test
  void itsLastWordsAreHeardIfItDies() throws Exception {
    try (var program =
        shell(
            "echo '= 1'; read x; for i in 1 2 3 4 5; do echo $i; done;"
                + " echo 'Exception: bad' >&2; printf '\\tat Main.main\\n' >&2; exit 3")) {
      assertThatIOException()
          .isThrownBy(() -> program.ask("switch"))
          .withMessage("it ended with exit code 3; it said last: 2 / 3 / 4 / 5 / Exception: bad");
    }
  }

  @Test
  void aProgramThatEndsAtOnceHasNoVersion() {
    assertThatIOException()
        .isThrownBy(() -> shell("exit 7"))
        .withMessage("it ended with exit code 7 and said nothing");
  }

  @Test
  void aProgramThatIsNotThereIsNamed() {
    assertThatIOException()
        .isThrownBy(() -> AnsweringProgram.start(List.of("/none/peer"), Map.of()))
        .withMessageContaining("/none/peer");
  }

  @Test
  void theEnvironmentIsPassedOn() throws Exception {
    var command = List.of("sh", "-c", "echo \"= $OPTIONS\"");
    try (var program = AnsweringProgram.start(command, Map.of("OPTIONS", "-Xmx3g"))) {
      assertThat(program.version()).isEqualTo("-Xmx3g");
    }
  }

  private static AnsweringProgram shell(String commands) throws IOException, InterruptedException {
    return AnsweringProgram.start(List.of("sh", "-c", commands), Map.of());
  }
}
