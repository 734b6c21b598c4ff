package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7 ns",
    "999, 999 ns",
    "1000, 1 µs",
    "1234, 1.23 µs",
    "99960, 100 µs",
    "999499, 999 µs",
    "999600, 1 ms",
    "26000000, 26 ms",
    "231400000, 231 ms",
    "4321000000, 4.32 s",
    "119000000000, 119 s",
    "600000000000, 10 min",
    "7200000000000, 120 min",
    "72000000000000, '1,200 min'"
  })
  void aTimeHasThreeDigits(long nanos, String text) {
    assertThat(Figures.time(nanos)).isEqualTo(text);
  }

  @Test
  void memoryHasThreeDigits() {
    assertThat(List.of(Figures.bytes(120), Figures.bytes(64_200), Figures.bytes(81_234_567)))
        .containsExactly("120 bytes", "64.2 kB", "81.2 MB");
    assertThat(Figures.bytes(2_500_000_000L)).isEqualTo("2.5 GB");
  }

  @Test
  void aFactorHasTwoDigitsOrThreeBelowTwo() {
    assertThat(List.of(Figures.times(1.0449), Figures.times(4.31), Figures.times(84.4)))
        .containsExactly("1.04 times", "4.3 times", "84 times");
    assertThat(Figures.times(1234)).isEqualTo("1,234 times");
  }

  @Test
  void aPartIsAllOrNothingOnlyIfItIs() {
    assertThat(List.of(Figures.percent(0.004), Figures.percent(0.5), Figures.percent(0.996)))
        .containsExactly("less than 1 %", "50 %", "more than 99 %");
    assertThat(List.of(Figures.percent(0), Figures.percent(1))).containsExactly("0 %", "100 %");
  }

  @Test
  void aRangeNamesItsUnitOnce() {
    assertThat(Figures.range(new Estimate(2e6, 1e6, 3e6))).isEqualTo("1 to 3 ms");
    assertThat(Figures.range(new Estimate(2e6, 1e5, 3e6))).isEqualTo("100 µs to 3 ms");
    assertThat(Figures.range(new Estimate(2e6, 2e6, 2e6))).isEqualTo("2 ms");
  }
}
