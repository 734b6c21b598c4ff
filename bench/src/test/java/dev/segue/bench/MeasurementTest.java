package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  @Test
  void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
    assertThat(new Measurement(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(new Measurement(List.of(9.0, 1.0, 4.0, 5.0)).median()).isEqualTo(4.5);
  }

  @Test
  void theSpreadIsFromTheLeastToTheMost() {
    var measured = new Measurement(List.of(4.0, 9.0, 1.0));
    assertThat(measured.least()).isEqualTo(1);
    assertThat(measured.most()).isEqualTo(9);
  }

  @Test
  void thereIsNoneWithoutSamples() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Measurement(List.of()));
  }
}
