package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.TaskOptions;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An executor with a context of its own, on a cluster of processes. */
@Timeout(180)
class OnClusterTest {
  private static SparkExecutor executor;

  @BeforeAll
  static void open() {
    TestContext.stop();
    var builder =
        SparkExecutor.builder()
            .master(SharedCluster.get().master())
            .cancelGrace(Duration.ofMillis(200));
    for (var setting : SharedCluster.configuration(SharedCluster.get()).getAll()) {
      builder.config(setting._1(), setting._2());
    }
    executor = builder.build();
  }

  @AfterAll
  static void close() {
    executor.close();
    assertThat(executor.context().isStopped()).isTrue();
  }

  @Test
  void tasksRunInOtherProcessesWithTheClassesOfThisOne() throws Exception {
    var futures = new ArrayList<Future<Long>>();
    for (int i = 0; i < 50; i++) {
      futures.add(executor.submit(() -> ProcessHandle.current().pid()));
    }
    for (var future : futures) {
      assertThat(future.get()).isNotEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void fourTasksForEachCoreKeepItBusy() throws Exception {
    executor.submit(() -> 1).get(); // so that it knows an executor
    int slots = executor.stats().slots();
    assertThat(slots).isPositive();
    assertThat(executor.tasksToKeepBusy()).isEqualTo(4 * slots);
  }

  @Test
  void aTaskThatReadsStandardInputFindsItsEnd() throws Exception {
    assertThat(executor.submit(() -> System.in.read()).get()).isEqualTo(-1);
  }

  @Test
  void aTaskThatIgnoresInterruptsEndsWithItsExecutor() throws Exception {
    var options = TaskOptions.named("spin").withTimeout(Duration.ofMillis(300));
    var future =
        executor.submit(
            options,
            () -> {
              while (true) {
                Thread.onSpinWait();
              }
            });
    assertThatThrownBy(future::get).cause().isInstanceOf(TimeoutException.class);
    ((WorkFuture<?>) future).ended().toCompletableFuture().get(120, TimeUnit.SECONDS);
    assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
  }

  @Test
  void aTaskThatHaltsItsJvmFailsWithTheLastLinesOfItsExecutor() throws Exception {
    var options = TaskOptions.named("halt").withRetries(0);
    var future =
        executor.submit(
            options,
            () -> {
              System.err.println("about to halt");
              Runtime.getRuntime().halt(7);
            });
    var other = executor.submit(() -> 1);
    assertThatThrownBy(future::get)
        .cause()
        .isInstanceOfSatisfying(
            WorkerLostException.class,
            lost -> {
              assertThat(lost.exitCode()).hasValue(7);
              assertThat(lost.stderrTail()).contains("about to halt");
            })
        .hasMessageContaining("halt was lost in its first attempt, on executor ");
    assertThat(other.get()).isEqualTo(1);
  }
}
