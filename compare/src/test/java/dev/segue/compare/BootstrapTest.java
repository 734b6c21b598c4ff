package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Bootstrap.of(new double[] {9, 1, 5}).median()).isEqualTo(5);
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Bootstrap.of(new double[] {9, 1, 5, 4}).median()).isEqualTo(4.5);
  }

  @Test
  void oneSampleIsAllThatIsKnown() {
    assertThat(Bootstrap.of(new double[] {7})).isEqualTo(new Estimate(7, 7, 7));
  }

  @Test
  void samplesThatAreAlikeLeaveNoDoubt() {
    assertThat(Bootstrap.of(new double[] {3, 3, 3, 3, 3})).isEqualTo(new Estimate(3, 3, 3));
  }

  @Test
  void theIntervalOfAHundredRanksIsThatOfTheBinomialDistribution() {
    var ranks = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    var estimate = Bootstrap.of(ranks);
    // The exact 95 % interval of the median is from the 40th to the 61st.
    assertThat(estimate.low()).isBetween(38.0, 42.0);
    assertThat(estimate.high()).isBetween(59.0, 63.0);
  }

  @Test
  void oneThatIsFarOffDoesNotMoveTheMedian() {
    var estimate = Bootstrap.of(new double[] {10, 10, 11, 11, 11, 12, 12, 12, 13, 900});
    assertThat(estimate.median()).isEqualTo(11.5);
    assertThat(estimate.high()).isLessThan(14);
  }

  @Test
  void theSameSamplesGiveTheSameInterval() {
    double[] samples = {4, 8, 15, 16, 23, 42};
    assertThat(Bootstrap.of(samples)).isEqualTo(Bootstrap.of(samples));
  }

  @Test
  void samplesStayInTheirOrder() {
    double[] samples = {3, 1, 2};
    Bootstrap.of(samples);
    assertThat(samples).containsExactly(3, 1, 2);
  }

  @Test
  void noSamplesAreRefused() {
    assertThatThrownBy(() -> Bootstrap.of(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
