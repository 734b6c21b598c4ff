package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessorTimeTest {
  private static long compute(long nanos) {
    var threads = ManagementFactory.getThreadMXBean();
    long from = threads.getCurrentThreadCpuTime();
    while (threads.getCurrentThreadCpuTime() - from < nanos) {
      Thread.onSpinWait();
    }
    return nanos;
  }

  @Test
  void whatAThreadOfThisProcessUsesCounts() {
    long before = ProcessorTime.begin();
    long used = compute(50_000_000);
    assertThat(ProcessorTime.end() - before).isGreaterThanOrEqualTo(used);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void lessThanAHundredthOfASecondCounts() {
    long before = ProcessorTime.begin();
    compute(100_000);
    long used = ProcessorTime.end() - before;
    assertThat(used).isGreaterThanOrEqualTo(100_000);
    assertThat(used % 10_000_000).isNotZero();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatAProcessUsedThatHasEndedCounts() throws Exception {
    long before = ProcessorTime.begin();
    var shell =
        new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done").start();
    long during = 0;
    while (shell.isAlive()) {
      during = Math.max(during, shell.info().totalCpuDuration().orElseThrow().toNanos());
      Thread.sleep(5);
    }
    assertThat(ProcessorTime.end() - before).isGreaterThanOrEqualTo(during);
    assertThat(during).isPositive();
  }

  @Test
  void theTimeThatAThreadSleepsIsNotItsOwn() throws Exception {
    long start = System.nanoTime();
    long before = ProcessorTime.ofThread();
    Thread.sleep(300);
    long used = ProcessorTime.ofThread() - before;
    long awake = System.nanoTime() - start - 300_000_000;
    assertThat(used).isBetween(0L, awake + 20_000_000); // the system's clock may be that coarse
  }
}
