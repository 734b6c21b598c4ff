package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.TaskOptions;
import dev.segue.process.ProcessPoolExecutor;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** Tests whose pools are killed after the test, whatever state they are in. */
@Tag("fault-injection")
abstract class WithPools {
  private final List<ProcessPoolExecutor> pools = new ArrayList<>();

  /** Builds a pool that prints nowhere unless told otherwise. */
  final ProcessPoolExecutor pool(int workers) {
    return pool(quiet(workers));
  }

  final ProcessPoolExecutor pool(ProcessPoolExecutor.Builder builder) {
    var pool = builder.build();
    pools.add(pool);
    return pool;
  }

  /** A builder that discards the workers' output. */
  static ProcessPoolExecutor.Builder quiet(int workers) {
    return ProcessPoolExecutor.builder().maxWorkers(workers).outputTo(new Lines(), new Lines());
  }

  static TaskOptions named(String name) {
    return TaskOptions.named(name);
  }

  static TaskOptions limited(String name, long millis) {
    return named(name).withTimeout(Duration.ofMillis(millis));
  }

  /** Waits until a worker runs the task of this name. */
  static WorkerInfo awaitRunning(ProcessPoolExecutor pool, String task) {
    return Await.some(
        task + " runs",
        () ->
            pool.workers().stream()
                .filter(worker -> worker.currentTask().equals(task))
                .findAny()
                .orElse(null));
  }

  /** Waits until the pool has a worker in this state, and a process for it. */
  static WorkerInfo awaitWorker(ProcessPoolExecutor pool, String state) {
    return Await.some(
        "a worker is " + state,
        () ->
            pool.workers().stream()
                .filter(worker -> worker.state().equals(state) && worker.pid() > 0)
                .findAny()
                .orElse(null));
  }

  @AfterEach
  final void endPools() throws InterruptedException {
    for (var pool : pools) {
      pool.killWorkers();
    }
    for (var pool : pools) {
      assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).as("%s has ended", pool).isTrue();
      assertThat(pool.workers()).isEmpty();
    }
  }
}
