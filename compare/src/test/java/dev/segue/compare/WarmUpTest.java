package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long MS = 1_000_000;

  private final WarmUp warmUp = new WarmUp(Duration.ofSeconds(1));

  private void add(long... millis) {
    for (long each : millis) {
      warmUp.add(each * MS, each * MS);
    }
  }

  @Test
  void itIsOverWhenFiveAreAlike() {
    add(500, 10, 10, 10, 10);
    assertThat(warmUp.isOver()).isFalse();
    add(10);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(warmUp.isEven()).isTrue();
    assertThat(warmUp.count()).isEqualTo(6);
  }

  @Test
  void thatTheyAreAlikeDoesNotCountBeforeHalfTheTime() {
    for (int i = 0; i < 49; i++) {
      add(10);
      assertThat(warmUp.isOver()).isFalse();
    }
    add(10);
    assertThat(warmUp.isOver()).isTrue();
  }

  @Test
  void itGoesOnWhileTheyDiffer() {
    add(50, 40, 30, 20, 15, 12);
    assertThat(warmUp.isOver()).isFalse();
    assertThat(warmUp.isEven()).isFalse();
  }

  @Test
  void itIsOverWhenTheNextWouldPassTheLimit() {
    add(400);
    assertThat(warmUp.isOver()).isFalse();
    add(350);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(warmUp.isEven()).isFalse();
  }

  @Test
  void whatItTakesBesidesCountsAfterFive() {
    for (int i = 1; i <= 4; i++) {
      warmUp.add(i * MS, 900 * MS);
      assertThat(warmUp.isOver()).isFalse();
    }
    warmUp.add(5 * MS, 900 * MS);
    assertThat(warmUp.isOver()).isTrue();
    assertThat(warmUp.isEven()).isFalse();
  }

  @Test
  void oneIsEnoughIfItTakesLongerThanAll() {
    add(2_000);
    assertThat(warmUp.isOver()).isTrue();
  }

  @Test
  void withoutAnyTimeThereIsOne() {
    var none = new WarmUp(Duration.ZERO);
    assertThat(none.isOver()).isFalse();
    none.add(MS, MS);
    assertThat(none.isOver()).isTrue();
    assertThat(none.done()).isEqualTo(1);
  }

  @Test
  void theVariationIsTheDeviationAsAPartOfTheMean() {
    var samples = List.of(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0);
    assertThat(WarmUp.variation(samples)).isCloseTo(Math.sqrt(32.0 / 7) / 5, within(1e-12));
  }
}
