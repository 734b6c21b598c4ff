package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a future fails with when its worker is lost says what to do. */
class PoolFailuresTest {
  @Test
  void aWorkerWhoseHeapWasFullIsToldFromOneThatExited() {
    var full = List.of("Terminating due to java.lang.OutOfMemoryError: Java heap space");
    assertThat(PoolFailures.memoryAdvice(3, full))
        .contains("heap was too small", "while it is encoded", "workerHeap(bytes)", "-Xmx");
    assertThat(PoolFailures.memoryAdvice(3, List.of("bye"))).isEmpty();
    assertThat(PoolFailures.memoryAdvice(1, full)).isEmpty();
  }
}
