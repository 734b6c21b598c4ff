package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void fiveThatRiseAreATrend() {
    var trend = Trend.of(new double[] {1, 2, 4, 5, 9});
    assertThat(trend.rises()).isTrue();
    assertThat(trend.falls()).isFalse();
  }

  @Test
  void fiveThatFallAreATrend() {
    var trend = Trend.of(new double[] {9, 5, 4, 2, 1});
    assertThat(trend.falls()).isTrue();
    assertThat(trend.rises()).isFalse();
  }

  @Test
  void fourCannotTell() {
    assertThat(Trend.of(new double[] {1, 2, 3, 4}).rises()).isFalse();
  }

  @Test
  void whatGoesUpAndDownIsNone() {
    var trend = Trend.of(new double[] {5, 1, 6, 2, 7, 1, 5, 2, 6, 1});
    assertThat(trend.rises()).isFalse();
    assertThat(trend.falls()).isFalse();
  }

  @Test
  void equalOnesAreNone() {
    var trend = Trend.of(new double[] {2, 2, 2, 2, 2, 2});
    assertThat(trend).isEqualTo(new Trend(0, 0));
  }

  @Test
  void theSlopeIsTheMiddleOneOfAllPairs() {
    assertThat(Trend.of(new double[] {10, 12, 14, 1_000, 18, 20}).slope()).isEqualTo(2);
  }

  @Test
  void oneSampleHasNone() {
    assertThat(Trend.of(new double[] {1}).rises()).isFalse();
  }
}
