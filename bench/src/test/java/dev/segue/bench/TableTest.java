package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
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
  void aRowHasMediansSpreadsTheBestAndTheBars() {
    assertThat(Table.of(List.of(ROUND_TRIP), false))
        .isEqualTo(
            """
            median, least–most      Segue  CPython  bare JVMs  bar                        reached
            round trip, µs           21.5      130     * 10.0  ≤ 3 × bare                  2.15 ×  met
                                20.0–30.0  120–140  9.00–11.0  ≥ 8 × faster than CPython   6.05 ×  NOT met
            """);
  }

  @Test
  void whoDidNotTakePartHasNoColumn() {
    var table =
        Table.of(
            List.of(Results.roundTrip(Map.of(SEGUE, samples(20.0), BARE, samples(10.0)))), false);
    assertThat(table.lines().findFirst().orElseThrow()).doesNotContain("CPython");
    assertThat(table).contains("not measured");
  }

  @Test
  void figuresHaveNoColourUnlessToldSo() {
    assertThat(Table.of(List.of(ROUND_TRIP), false)).doesNotContain("\u001b");
  }

  @Test
  void coloursDoNotMoveColumns() {
    var coloured = Table.of(List.of(ROUND_TRIP), true);
    assertThat(coloured).contains("\u001b[1m* 10.0\u001b[0m", "\u001b[31mNOT met\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", ""))
        .isEqualTo(Table.of(List.of(ROUND_TRIP), false));
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
