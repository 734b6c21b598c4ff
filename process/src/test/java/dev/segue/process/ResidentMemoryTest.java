package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
  private static final long OURS = ProcessHandle.current().pid();

  @Test
  void aJvmHoldsMoreThanTenMegabytesAndLessThanAllThereIs() {
    assertThat(ResidentMemory.of(OURS)).isBetween(10L << 20, 1L << 40);
  }

  @Test
  void psSaysNearlyTheSame() throws Exception {
    assertThat((double) ResidentMemory.fromPs(OURS) * 1024 / ResidentMemory.of(OURS))
        .isBetween(0.5, 2.0);
  }

  @Test
  void aProcessThatHasEndedHoldsNone() throws Exception {
    var process = new ProcessBuilder("true").start();
    process.waitFor();
    assertThat(ResidentMemory.of(process.pid())).isEqualTo(-1);
  }
}
