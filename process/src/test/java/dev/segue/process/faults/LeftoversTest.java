package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.process.ProcessPoolExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pools that have ended leave no process, thread, file or descriptor behind. */
@Timeout(180)
class LeftoversTest extends WithPools {
  @TempDir Path folder;
  private Traces traces;

  @BeforeEach
  void look() throws Exception {
    traces = Traces.ofThisJvm(folder);
  }

  @Test
  void aPoolThatWasNeverUsedLeavesNothing() {
    try (var pool = quiet(2).build()) {
      assertThat(pool.workers()).isEmpty();
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolThatWasUsedLeavesNothing() throws Exception {
    try (var pool = quiet(2).build()) {
      for (int i = 0; i < 100; i++) {
        Await.result(pool.submit(TaskBodies::pid));
      }
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolWhoseWorkersWereKilledAndReplacedLeavesNothing() throws Exception {
    try (var pool = quiet(2).cancelGrace(Duration.ZERO).build()) {
      for (int i = 0; i < 3; i++) {
        Processes.kill(Await.result(pool.submit(TaskBodies::pid)));
        Await.failure(pool.submit(() -> System.exit(1)));
        var cancelled = pool.submit(named("cancelled"), TaskBodies::ignoreInterrupts);
        awaitRunning(pool, "cancelled");
        cancelled.cancel(true);
      }
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolWhoseWorkersCannotStartLeavesNothing() throws Exception {
    try (var pool = quiet(2).jvmArgs("-XX:NoSuchOption").build()) {
      Await.failure(pool.submit(() -> 5));
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolWhoseInitializerThrowsLeavesNothing() throws Exception {
    try (var pool = quiet(1).initializer(() -> Integer.parseInt("x")).build()) {
      Await.failure(pool.submit(() -> 5));
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolThatIsKilledAtAnyMomentLeavesNothing() throws Exception {
    for (int i = 0; i < 5; i++) {
      ProcessPoolExecutor pool = pool(2);
      Future<Long> future = pool.submit(TaskBodies::pid);
      Thread.sleep(60L * i); // each time the start has progressed further
      pool.killWorkers();
      Await.until("the future has ended", future::isDone);
      pool.close();
    }

    traces.assertNoMoreThan();
  }

  @Test
  void aPoolThatIsShutDownNowLeavesNothing() throws Exception {
    var pool = pool(quiet(2).cancelGrace(Duration.ofMillis(50)));
    pool.submit(named("running"), TaskBodies::ignoreInterrupts);
    awaitRunning(pool, "running");
    pool.shutdownNow();
    pool.close();

    traces.assertNoMoreThan();
  }
}
