package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.GO;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final Map<Contender, Measurement> MEASURED =
      Map.of(SEGUE, samples(20.0), CPYTHON, samples(30.0), BARE, samples(10.0));

  private final Result times = Results.roundTrip(MEASURED);
  private final Result rates = Results.payload(1, MEASURED);

  @Test
  void theBestComesFirstByWhatIsMeasured() {
    assertThat(times.ranking()).containsExactly(BARE, SEGUE, CPYTHON);
    assertThat(rates.ranking()).containsExactly(CPYTHON, SEGUE, BARE);
  }

  @Test
  void aFloorWinsNoContest() {
    assertThat(times.best()).contains(SEGUE);
    assertThat(rates.best()).contains(CPYTHON);
  }

  @Test
  void nobodyIsBestAlone() {
    assertThat(Results.roundTrip(Map.of(SEGUE, samples(20.0), BARE, samples(10.0))).best())
        .isEmpty();
  }

  @Test
  void aComparisonNamesTheBetterOneAndByHowMuch() {
    assertThat(Comparison.of(times, CPYTHON)).contains(new Comparison(1.5, false, "slower"));
    assertThat(Comparison.of(times, BARE)).contains(new Comparison(2, true, "faster"));
    assertThat(Comparison.of(rates, CPYTHON)).contains(new Comparison(1.5, true, "faster"));
    assertThat(Comparison.of(rates, BARE)).contains(new Comparison(2, false, "slower"));
  }

  @Test
  void sizesAreLargerOrSmaller() {
    var sizes = Results.result(new Subject("memory", "memory", "B", true), MEASURED);
    assertThat(Comparison.of(sizes, CPYTHON)).contains(new Comparison(1.5, false, "larger"));
    assertThat(Comparison.of(sizes, BARE)).contains(new Comparison(2, true, "smaller"));
  }

  @Test
  void thereIsNoComparisonWithWhoWasNotMeasured() {
    assertThat(Comparison.of(times, SEGUE)).isEmpty();
    assertThat(Comparison.of(times, GO)).isEmpty();
    assertThat(Comparison.of(Results.roundTrip(Map.of(GO, samples(1.0))), GO)).isEmpty();
  }
}
