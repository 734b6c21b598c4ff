package dev.segue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PinningTest {
  @Test
  void theSystemTellsProcessorsAsRanges() {
    assertThat(Pinning.processors("0-2,5")).containsExactly(0, 1, 2, 5);
    assertThat(Pinning.processors("3")).containsExactly(3);
  }

  @Test
  void serverAndClientGetDifferentProcessorsOrNone() throws Exception {
    var pinning = Pinning.find();
    if (pinning.server().isEmpty()) {
      assertThat(pinning.client()).isEmpty();
      assertThat(pinning.note()).contains("share all processors: ");
    } else {
      assertThat(pinning.server()).isNotEqualTo(pinning.client()).startsWith("taskset", "-c");
    }
  }
}
