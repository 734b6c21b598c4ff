package dev.segue.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.WorkerLostException;
import dev.segue.process.ProcessPoolExecutor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ProcessPoolMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double workers(String state) {
    return registry.get("segue.pool.workers").tags("pool", "jobs", "state", state).gauge().value();
  }

  private double queued() {
    return registry.get("segue.pool.queued").tag("pool", "jobs").gauge().value();
  }

  @Test
  void aBusyWorkerWaitingTasksAndALostWorkerAreSeen() {
    try (var pool = ProcessPoolExecutor.builder().maxWorkers(1).build();
        var metrics = new ProcessPoolMetrics(pool, "jobs")) {
      metrics.bindTo(registry);
      var dying = pool.submit(() -> Runtime.getRuntime().halt(3));
      assertThatThrownBy(dying::get).hasCauseInstanceOf(WorkerLostException.class);
      assertThat(registry.get("segue.pool.lost").functionCounter().count()).isEqualTo(1);
      var sleeping =
          pool.submit(() -> {
            new CountDownLatch(1).await();
            return 0;
          });
      for (int i = 0; i < 1000; i++) {
        pool.execute(() -> {});
      }
      while (workers("busy") < 1) {
        Thread.onSpinWait();
      }
      assertThat(queued()).isBetween(1.0, 1000.0);
      sleeping.cancel(true);
      pool.shutdownNow();
    }
    assertThat(registry.getMeters()).isEmpty();
  }
}
