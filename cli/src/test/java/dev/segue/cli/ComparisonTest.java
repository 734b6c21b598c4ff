package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cli.Example.Source;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final Part TWO_THREADS =
      Part.of(
          """
          0   MainThread:Main started
          0 | Thread-4:received
          0 | Thread-4:Sleeping
          0 | Thread-5:received
          2   Thread-4:Printing TWO
          3   Thread-5:Printing THREE
          3   MainThread:Final value is 2
          """);

  private static final List<String> AS_EXPECTED =
      List.of(
          "0.0 MainThread:Main started",
          "0.0 Thread-4:received",
          "0.0 Thread-4:Sleeping",
          "0.0 Thread-5:received",
          "2.0 Thread-4:Printing TWO",
          "3.0 Thread-5:Printing THREE",
          "3.0 MainThread:Final value is 2");

  @Test
  void theSameLinesInTimeAgree() {
    var comparison = compare(1, AS_EXPECTED);
    assertThat(comparison.agrees()).isTrue();
    assertThat(comparison.summary())
        .isEqualTo(
            "agrees with the article: order of 7 lines (2-4 in any order), elapsed 3.00 s (article 3"
                + " s), value 2 (article 2)");
  }

  @Test
  void linesOfAGroupMayChangePlaces() {
    assertThat(differences(swapped(AS_EXPECTED, 2, 3))).isEmpty();
  }

  @Test
  void aThreadKeepsItsOrderWithinAGroup() {
    assertThat(differences(swapped(AS_EXPECTED, 1, 2)))
        .containsExactly(
            "line 2 is \"Thread-4:Sleeping\" and not \"Thread-4:received\" or"
                + " \"Thread-5:received\"");
  }

  @Test
  void otherLinesMayNotChangePlaces() {
    assertThat(differences(swapped(AS_EXPECTED, 0, 1)))
        .containsExactly("line 1 is \"Thread-4:received\" and not \"MainThread:Main started\"");
  }

  @Test
  void threadsMayHaveOtherNumbers() {
    assertThat(
            differences(
                AS_EXPECTED.stream()
                    .map(line -> line.replace("Thread-4", "Thread-0").replace("-5", "-1"))
                    .toList()))
        .isEmpty();
  }

  @Test
  void aThreadKeepsItsNumber() {
    var lines =
        AS_EXPECTED.stream().map(line -> line.replace("Thread-4:Printing", "Thread-9:Printing"));
    assertThat(differences(lines.toList()))
        .containsExactly("line 5 is \"Thread-9:Printing TWO\" and not \"Thread-4:Printing TWO\"");
  }

  @Test
  void aThreadOfAnotherKindDiffers() {
    assertThat(differences(AS_EXPECTED.stream().map(l -> l.replace("Main", "Fain")).toList()))
        .isNotEmpty();
  }

  @Test
  void aMissingLineIsNamed() {
    assertThat(differences(AS_EXPECTED.subList(0, 6)))
        .contains("line 7 is missing, \"MainThread:Final value is 2\"");
  }

  @Test
  void aLineTooManyIsNamed() {
    var lines = Stream.concat(AS_EXPECTED.stream(), Stream.of("3.0 MainThread:More"));
    assertThat(differences(lines.toList()))
        .containsExactly("line 8 is \"MainThread:More\", one too many");
  }

  @Test
  void anotherValueDiffers() {
    assertThat(differences(replaced(AS_EXPECTED, 6, "3.0 MainThread:Final value is 1")))
        .containsExactly("value 1 (article 2)");
  }

  @Test
  void endingTooEarlyDiffers() {
    var lines = replaced(AS_EXPECTED, 5, "2.5 Thread-5:Printing THREE");
    assertThat(differences(replaced(lines, 6, "2.5 MainThread:Final value is 2")))
        .containsExactly("elapsed 2.50 s (article 3 s)");
  }

  @Test
  void endingASecondLateDiffers() {
    assertThat(differences(replaced(AS_EXPECTED, 6, "4.1 MainThread:Final value is 2")))
        .containsExactly("elapsed 4.10 s (article 3 s)");
  }

  @Test
  void endingLessThanASecondLateAgrees() {
    assertThat(differences(replaced(AS_EXPECTED, 6, "3.9 MainThread:Final value is 2"))).isEmpty();
  }

  @Test
  void aLineInBetweenThatIsLateDiffers() {
    var lines = replaced(AS_EXPECTED, 4, "3.1 Thread-4:Printing TWO");
    assertThat(differences(replaced(lines, 5, "3.1 Thread-5:Printing THREE")))
        .containsExactly("'Thread-4:Printing TWO' after 3.10 s (article 2 s)");
  }

  @Test
  void timesAreScaled() {
    var lines =
        AS_EXPECTED.stream().map(line -> line.replace("2.0 ", "0.2 ").replace("3.0 ", "0.3 "));
    assertThat(compare(0.1, lines.toList()).summary())
        .contains("elapsed 0.30 s (article 3 s, scaled by 0.1)")
        .startsWith("agrees");
  }

  @Test
  void whatTookTheFullTimeIsTooEarlyForALargerScale() {
    assertThat(compare(2, AS_EXPECTED).differences())
        .containsExactly("elapsed 3.00 s (article 3 s, scaled by 2.0)");
  }

  private static final Part OBSERVED =
      Part.of(
          """
          0   loop:begin
          1 + segue-watchdog:stands still for * ms
          3   loop:end
          4   loop:all
          """);

  @Test
  void anObserverMayRepeatItselfAndBeLate() {
    assertThat(
            compare(
                    OBSERVED,
                    1,
                    List.of(
                        "0.0 loop-7:begin",
                        "1.0 segue-watchdog:stands still for 1003 ms",
                        "3.0 loop-7:end",
                        "3.1 segue-watchdog:stands still for 2007 ms",
                        "4.0 loop-7:all"))
                .differences())
        .isEmpty();
  }

  @Test
  void anObserverMayNotBeEarly() {
    assertThat(
            compare(
                    OBSERVED,
                    1,
                    List.of(
                        "0.0 segue-watchdog:stands still for 0 ms",
                        "0.0 loop-7:begin",
                        "3.0 loop-7:end",
                        "4.0 loop-7:all"))
                .differences())
        .containsExactly(
            "line 1 is \"segue-watchdog:stands still for 0 ms\" and not \"loop:begin\"");
  }

  @Test
  void anObserverMayNotBeSilent() {
    assertThat(
            compare(OBSERVED, 1, List.of("0.0 loop-7:begin", "3.0 loop-7:end", "4.0 loop-7:all"))
                .differences())
        .containsExactly("line 4 is missing, \"segue-watchdog:stands still for * ms\"");
  }

  private static final Part WORK =
      Part.of(
          """
          0   MainThread:begin
          123 ~ MainThread:end
          """);

  @Test
  void workMayTakeAnyTime() {
    assertThat(compare(WORK, 0.5, List.of("0.0 MainThread:begin", "2.0 MainThread:end")).summary())
        .isEqualTo(
            "agrees with the article: order of 2 lines, elapsed 2.00 s (article 123 s on its"
                + " machine, scaled by 0.5)");
  }

  @Test
  void workMustBeginInTimeAndEnd() {
    assertThat(
            compare(WORK, 1, List.of("0.0 MainThread:end", "1.0 MainThread:begin")).differences())
        .isNotEmpty();
    assertThat(compare(WORK, 1, List.of("0.0 MainThread:begin")).differences()).isNotEmpty();
  }

  @Test
  void workOfWhichTheArticleTellsNoTimeMayTakeAny() {
    var part = Part.of("0 ~ MainThread:end");
    assertThat(compare(part, 1, List.of("0.0 MainThread:end")).summary())
        .endsWith("elapsed 0.00 s (article any time)");
  }

  @Test
  void aHeadingBeginsAPart() {
    var part = Part.of("0   MainThread:on");
    var example = new Example("fake", "nothing", Source.EXPECTED, () -> {}, List.of(part, part));
    var both =
        List.of(
            printed("0.0 MainThread:on"),
            new Transcript.Printed(5, "Once more:"),
            printed("7.0 MainThread:on"),
            new Transcript.Printed(7, "    indented, so no heading"));
    assertThat(new Comparison(example, 1, both, null).summary())
        .isEqualTo("as expected: order of 2 lines, elapsed 0.00 s + 0.00 s (expected 0 s + 0 s)");
    assertThat(new Comparison(example, 1, both.subList(0, 1), null).summary())
        .isEqualTo("NOT as expected: parts: 1 (expected 2)");
  }

  @Test
  void aFailureDiffersAndIsNamed() {
    var failure = new ExecutionException(new IOException("disk full\nand more"));
    var comparison =
        new Comparison(
            new Example("fake", "nothing", Source.ARTICLE, () -> {}, List.of(TWO_THREADS)),
            1,
            List.of(),
            failure);
    assertThat(comparison.summary())
        .isEqualTo("DIFFERS from the article: it failed: IOException: disk full");
  }

  private static List<String> differences(List<String> lines) {
    return compare(1, lines).differences();
  }

  private static Comparison compare(double scale, List<String> lines) {
    return compare(TWO_THREADS, scale, lines);
  }

  private static Comparison compare(Part part, double scale, List<String> lines) {
    var example = new Example("fake", "nothing", Source.ARTICLE, () -> {}, List.of(part));
    return new Comparison(
        example, scale, lines.stream().map(ComparisonTest::printed).toList(), null);
  }

  /** Of "2.0 thread:message". */
  private static Transcript.Printed printed(String line) {
    var split = line.split(" ", 2);
    return new Transcript.Printed(Double.parseDouble(split[0]), "12:39:00:" + split[1]);
  }

  private static List<String> swapped(List<String> lines, int one, int other) {
    return replaced(replaced(lines, one, lines.get(other)), other, lines.get(one));
  }

  private static List<String> replaced(List<String> lines, int index, String line) {
    var changed = new java.util.ArrayList<>(lines);
    changed.set(index, line);
    return changed;
  }
}
