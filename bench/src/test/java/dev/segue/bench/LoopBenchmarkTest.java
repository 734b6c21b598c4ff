package dev.segue.bench;

import static dev.segue.bench.Contender.BARE_SELECTOR;
import static dev.segue.bench.Contender.GO;
import static dev.segue.bench.Contender.KOTLIN;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Contender.SWITCH_OF_SEGUE;
import static dev.segue.bench.Contender.UVLOOP;
import static dev.segue.bench.Contender.UVLOOP_WITH_TASKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With programs that are shell scripts, and a real server. */
@Timeout(60)
class LoopBenchmarkTest {
  @Test
  void secondsBecomeNanosecondsEach() throws Exception {
    var result = run(LoopWork.SWITCH, answers(SEGUE, "0.5"));
    assertThat(median(result, SEGUE)).isEqualTo(500);
  }

  @Test
  void secondsOfAllBecomeMilliseconds() throws Exception {
    assertThat(median(run(LoopWork.CANCEL, answers(SEGUE, "0.5")), SEGUE)).isEqualTo(500);
  }

  @Test
  void bytesAreBytes() throws Exception {
    assertThat(median(run(LoopWork.MEMORY, answers(SEGUE, "512")), SEGUE)).isEqualTo(512);
  }

  @Test
  void programsAreAskedForAnEvenNumberByTheScale() throws Exception {
    var entrant =
        new Entrant(SEGUE, shell("echo = 1; while read work count; do echo = $count; done"));
    var result = new LoopBenchmark(List.of(entrant), 0.01001).run(LoopWork.MEMORY, 1, _ -> {});
    assertThat(median(result, SEGUE)).isEqualTo(1002);
  }

  @Test
  void theQueueIsMeasuredBesideASwitch() throws Exception {
    var segue =
        new Entrant(
            SEGUE,
            shell(
                "echo = 1; while read work count; do"
                    + " if [ $work = queue ]; then echo = 1; else echo = 0.5; fi; done"));
    var result = run(LoopWork.QUEUE, segue);
    assertThat(median(result, SEGUE)).isEqualTo(2_000);
    assertThat(median(result, SWITCH_OF_SEGUE)).isEqualTo(500);
    assertThat(result.subject().bars().getFirst().measured(result.measured()))
        .hasValueCloseTo(4.0, within(1e-9));
  }

  @Test
  void whoCannotWhoDiesAndWhoAnswersNonsenseDoNotStopTheOthers() throws Exception {
    var dies = new Entrant(GO, shell("echo = 1; read x; echo 'panic: no memory'; exit 2"));
    var result =
        run(
            LoopWork.LOCK,
            answers(SEGUE, "0.5"),
            answers(UVLOOP, "-"),
            dies,
            answers(KOTLIN, "many"),
            new Entrant(Contender.peer("node"), List.of("/none/node")));
    assertThat(result.measured()).containsOnlyKeys(SEGUE);
    assertThat(result.unable()).containsExactly(UVLOOP);
    assertThat(result.failures())
        .containsEntry(GO, "it ended with exit code 2; it said last: panic: no memory")
        .containsEntry(KOTLIN, "it answered 'many', which is no number")
        .hasEntrySatisfying(Contender.peer("node"), how -> assertThat(how).contains("/none/node"));
  }

  @Test
  void startUpIsTimedFromOutsideAndChecked() throws Exception {
    var result =
        run(
            LoopWork.START_UP,
            new Entrant(SEGUE, List.of("sh", "-c", "echo $1", "sh")),
            new Entrant(GO, List.of("sh", "-c", "echo sorry; exit 1", "sh")));
    assertThat(median(result, SEGUE)).isPositive();
    assertThat(result.failures())
        .containsExactly(Map.entry(GO, "it ended with exit code 1 and said: sorry"));
  }

  @Test
  void aServerIsLoadedAndOneThatDoesNotServeFails() throws Exception {
    var bare =
        Entrant.inJava().stream()
            .filter(one -> one.contender().equals(BARE_SELECTOR))
            .findFirst()
            .orElseThrow();
    // Port 1 is nobody's.
    var benchmark = new LoopBenchmark(List.of(answers(GO, "1"), bare, answers(UVLOOP, "-")), 0.05);
    var result = benchmark.run(LoopWork.ECHO_64, 1, _ -> {});
    assertThat(median(result, BARE_SELECTOR)).isPositive();
    assertThat(result.clientBusy()).containsOnlyKeys(BARE_SELECTOR);
    assertThat(result.failures().get(GO)).startsWith("the load generator failed: ");
    assertThat(result.unable()).containsExactly(UVLOOP, UVLOOP_WITH_TASKS);
    assertThat(benchmark.versions()).containsKeys(BARE_SELECTOR, GO);
  }

  @Test
  void uvloopAlsoServesWithTasks() throws Exception {
    var uvloop =
        new Entrant(
            UVLOOP,
            shell(
                "echo = 1; read work; if [ $work = echo ]; then echo = -; else echo = 1; fi; read x"));
    var result = new LoopBenchmark(List.of(uvloop), 0.05).run(LoopWork.ECHO_64, 1, _ -> {});
    assertThat(result.unable()).containsExactly(UVLOOP);
    assertThat(result.failures()).containsOnlyKeys(UVLOOP_WITH_TASKS);
  }

  private static double median(Result result, Contender contender) {
    return Objects.requireNonNull(result.measured().get(contender), contender.id()).median();
  }

  /** At full scale. */
  private static Result run(LoopWork work, Entrant... entrants) throws Exception {
    return new LoopBenchmark(Arrays.asList(entrants), 1).run(work, 1, _ -> {});
  }

  private static Entrant answers(Contender contender, String answer) {
    return new Entrant(contender, shell("echo = 1; while read x; do echo = " + answer + "; done"));
  }

  private static List<String> shell(String commands) {
    return List.of("sh", "-c", commands);
  }
}
