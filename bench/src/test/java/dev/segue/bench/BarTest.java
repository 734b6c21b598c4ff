package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BarTest {
  private static final Bar AT_LEAST_100 = Bar.atLeast("≥ 100", 100, SEGUE, null);

  @Test
  void aBarWithoutAReferenceIsAboutTheMedian() {
    assertThat(AT_LEAST_100.measured(Map.of(SEGUE, samples(1.0, 120.0, 130.0)))).hasValue(120);
  }

  @Test
  void aBarWithAReferenceIsAboutTheRatioOfTheMedians() {
    assertThat(
            Results.WITHIN_3_OF_BARE.measured(
                Map.of(SEGUE, samples(20.0, 30.0, 90.0), BARE, samples(9.0, 10.0, 11.0))))
        .hasValue(3);
  }

  @Test
  void aBarWhoseReferenceIsMissingIsNotMeasured() {
    assertThat(Results.WITHIN_3_OF_BARE.measured(Map.of(SEGUE, samples(20.0)))).isEmpty();
  }

  @Test
  void theLimitItselfMeetsABar() {
    assertThat(AT_LEAST_100.isMetBy(100)).isTrue();
    assertThat(Results.WITHIN_3_OF_BARE.isMetBy(3)).isTrue();
  }

  @Test
  void theWrongSideOfTheLimitDoesNot() {
    assertThat(AT_LEAST_100.isMetBy(99.9)).isFalse();
    assertThat(Results.WITHIN_3_OF_BARE.isMetBy(3.1)).isFalse();
  }

  @Test
  void aResultIsFineUnlessABarIsMissed() {
    var segue = samples(20.0);
    assertThat(Results.roundTrip(Map.of(SEGUE, segue, BARE, samples(10.0))).isFine()).isTrue();
    assertThat(Results.roundTrip(Map.of(SEGUE, segue, CPYTHON, samples(100.0))).isFine()).isFalse();
  }
}
