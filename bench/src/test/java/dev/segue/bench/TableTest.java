package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.GO;
import static dev.segue.bench.Contender.KOTLIN;
import static dev.segue.bench.Contender.LOKY;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
  private static final Result ROUND_TRIP =
      Results.roundTrip(
          Map.of(
              SEGUE, samples(20.0, 21.5, 30.0),
              CPYTHON, samples(120.0, 130.0, 140.0),
              BARE, samples(9.0, 10.0, 11.0)));

  @Test
  void aBlockHasTheBestFirstAndTheBarsBelow() {
    assertThat(Table.of(ROUND_TRIP, false))
        .isEqualTo(
            """
            round trip, µs                         median         least–most  beside Segue     less is better
              bare JVMs                              10.0          9.00–11.0  2.15 × faster    █▊
            * Segue                                  21.5          20.0–30.0                   ███▋
              CPython                                 130            120–140  6.05 × slower    ██████████████████████
              bar: ≤ 3 × bare                                                 2.15 ×           met
              bar: ≥ 8 × faster than CPython                                  6.05 ×           NOT met
            """);
  }

  @Test
  void whoIsMissingIsNamedAndWhoFailedIsHeard() {
    var table =
        Table.of(
            new Result(
                new Subject("submit", "submit", "/s", false, Results.WITHIN_3_OF_BARE),
                Map.of(SEGUE, samples(20.0)),
                Map.of(SEGUE, samples(95.0)),
                List.of(CPYTHON),
                List.of(LOKY, KOTLIN),
                Map.of(GO, "it ended with exit code 2; it said last: panic")),
            false);
    assertThat(table)
        .isEqualTo(
            """
            submit, /s                             median         least–most  beside Segue     client busy  more is better
              Segue                                  20.0          20.0–20.0                   95.0 %       ██████████████████████
              bar: ≤ 3 × bare                                                 not measured
              no such work: CPython
              not installed: CPython loky, Kotlin coroutines
              limited by the load generator: Segue
              FAILED Go: it ended with exit code 2; it said last: panic
            """);
  }

  @Test
  void figuresHaveNoColourUnlessToldSo() {
    assertThat(Table.of(ROUND_TRIP, false)).doesNotContain("\u001b");
  }

  @Test
  void coloursDoNotMoveColumns() {
    var coloured = Table.of(ROUND_TRIP, true);
    assertThat(coloured).contains("\u001b[1m* Segue", "\u001b[31mNOT met\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", "").replaceAll(" +\n", "\n"))
        .isEqualTo(Table.of(ROUND_TRIP, false));
  }

  @Test
  void aLossOfSegueIsRedAndAWinGreen() {
    var measured = Map.of(SEGUE, samples(20.0), CPYTHON, samples(30.0), GO, samples(10.0));
    assertThat(Table.of(Results.roundTrip(measured), true))
        .contains("\u001b[31m2.00 × faster", "\u001b[32m1.50 × slower");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0.000",
        "0.00012 | 0.0001",
        "0.0123 | 0.012",
        "0.9994 | 0.999",
        "1.234 | 1.23",
        "12.34 | 12.3",
        "99.96 | 100",
        "123.4 | 123",
        "1234567 | 1,234,567",
      })
  void figuresHaveThreeDigitsOrAllBeforeThePoint(double value, String text) {
    assertThat(Table.figure(value)).isEqualTo(text);
  }
}
