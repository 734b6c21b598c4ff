package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JobProfileTest {
  @Test
  void aJobThatWasLongOnceByChanceIsNotTheLongest() {
    var all =
        List.of(
            new JobProfile(10, 0.9, 20, 22, 200, 120),
            new JobProfile(10, 0.7, 21, 52, 300, 120),
            new JobProfile(10, 0.8, 19, 23, 210, 122));
    assertThat(JobProfile.of(all)).isEqualTo(new JobProfile(10, 0.8, 20, 23, 210, 120));
  }

  @Test
  void ofOneRepetitionItIsThat() {
    var one = new JobProfile(3, 0.5, 7, 8, 21, 9);
    assertThat(JobProfile.of(List.of(one))).isEqualTo(one);
  }
}
