package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class SamplerTest {
  private final Sampler sampler = new Sampler(ProcessHandle.current());

  @Test
  void aProcessHasMemory() {
    sampler.look();
    assertThat(sampler.memory()).isGreaterThan(1 << 20);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aThreadMoreIsSeenAndRememberedWhenItHasEnded() throws Exception {
    sampler.look();
    int before = sampler.threads();
    var threads = new Thread[20];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().start(() -> sleep());
    }
    sampler.look();
    for (var thread : threads) {
      thread.interrupt();
      thread.join();
    }
    sampler.look();
    assertThat(sampler.threads()).isGreaterThanOrEqualTo(before + 15);
    sampler.reset();
    assertThat(sampler.threads()).isZero();
  }

  private static void sleep() {
    try {
      Thread.sleep(100_000);
    } catch (InterruptedException _) {
      // the end
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatAProcessHasStartedCounts() throws Exception {
    var shell = new ProcessBuilder("sh", "-c", "sleep 100 & sleep 100; wait").start();
    var its = new Sampler(shell.toHandle());
    try {
      while (its.threads() < 3) { // the shell, and two that sleep
        its.reset();
        its.look();
      }
      assertThat(its.threads()).isEqualTo(3);
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly().waitFor();
    }
  }
}
