package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.cluster.Attempt;
import dev.segue.futures.WorkerLostException;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Executors that die, with one task at a time each. */
class ExecutorDeathTest extends OnCluster {
  ExecutorDeathTest() {
    super(1);
  }

  @Test
  void aTaskWhoseExecutorIsKilledRunsOnAnother() throws Exception {
    var begun = signal();
    var never = signal();
    var victim =
        endings.watch(
            pool.submit(() -> {
              int attempt = Attempt.current().orElseThrow().number();
              return attempt > 0 ? attempt : Bodies.holdUntil(begun, never);
            }));
    var others = numbers(40);

    Processes.kill(Bodies.pidOf(begun));

    assertThat(Await.result(victim)).isEqualTo(1);
    assertRight(others);
    endings.assertOnceEach();
  }

  @Test
  void aTaskThatHaltsItsJvmFailsAloneAfterTheAttemptsItIsAllowed() throws Exception {
    var runs = folder.resolve("runs").toString();
    var before = numbers(20);
    var victim =
        endings.watch(pool.submit(named("victim"), () -> Bodies.mark(runs) + Bodies.halt(9)));
    var after = numbers(20);

    assertThat(Await.failure(victim))
        .isInstanceOfSatisfying(
            WorkerLostException.class,
            lost -> {
              assertThat(lost.exitCode()).hasValue(9);
              assertThat(lost.stderrTail()).contains("halting with 9");
            })
        .message()
        .contains("victim was lost in its second attempt, on executor ", "127.0.0.1")
        .contains("halting with 9");
    assertThat(Bodies.marks(runs)).isEqualTo(MAX_FAILURES);
    assertRight(before);
    assertRight(after);
    endings.assertOnceEach();
  }

  @Test
  void aTaskThatMayRunOnceFailsWithItsExecutor() throws Exception {
    var runs = folder.resolve("runs").toString();
    var victim =
        endings.watch(
            pool.submit(named("victim").withRetries(0), () -> Bodies.mark(runs) + Bodies.halt(9)));
    var others = numbers(20);

    assertThat(Await.failure(victim))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("victim was lost in its first attempt");
    assertThat(Bodies.marks(runs)).isEqualTo(1);
    assertRight(others);
    endings.assertOnceEach();
  }

  @Test
  void aTaskThatFillsItsHeapIsToldWhy() throws Exception {
    var victim =
        endings.watch(pool.submit(named("victim").withRetries(0), () -> Bodies.fillTheHeap()));
    var others = numbers(20);

    assertThat(Await.failure(victim))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("its heap was too small")
        .hasMessageContaining("OutOfMemoryError");
    assertRight(others);
    endings.assertOnceEach();
  }

  @Test
  void aTaskThatSpinsForEverFailsInTimeAndItsWorkEnds() throws Exception {
    var begun = signal();
    var victim =
        endings.watch(
            pool.submit(
                named("victim").withTimeout(Duration.ofSeconds(1)), () -> Bodies.spin(begun)));
    var others = numbers(20);

    assertThat(Await.failure(victim))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("victim ran longer than 1.000 s");
    awaitEnd(victim);
    if (begun.isRaised()) { // it may take longer to get there, on a busy machine
      long pid = Bodies.pidOf(begun);
      Await.until("the executor is gone", () -> !Processes.isAlive(pid));
    }
    assertRight(others);
    endings.assertOnceEach();
  }

  @Test
  void theWorkOfATaskThatIgnoresInterruptsEndsWithItsExecutor() throws Exception {
    var begun = signal();
    var interrupted = signal();
    var victim = endings.watch(pool.submit(named("victim"), () -> Bodies.goOn(begun, interrupted)));
    long pid = Bodies.pidOf(begun);

    victim.cancel(true);

    assertThatThrownBy(victim::get).isInstanceOf(CancellationException.class);
    awaitEnd(victim);
    assertThat(interrupted.isRaised()).isTrue();
    Await.until("the executor is gone", () -> !Processes.isAlive(pid));
    endings.assertOnceEach();
  }

  @Test
  @Tag("long")
  void allExecutorsKilledAtOnceAreReplaced() throws Exception {
    var pids = List.of(Await.result(pool.submit(Bodies::pid)));
    cluster.executorPids().forEach(Processes::kill);
    var others = numbers(20);
    assertRight(others);
    assertThat(Await.result(pool.submit(Bodies::pid))).isNotIn(pids);
    endings.assertOnceEach();
  }

  @Test
  void aJobThatAsksForClassesIsStartedAgainIfItIsLost() throws Exception {
    var status = pool.context().statusTracker();
    assertRight(numbers(2));
    var asked = cluster.executorPids();
    asked.forEach(Processes::stop);
    try (var another = another().build()) {
      var future = endings.watch(another.submit(() -> 5));
      for (int i = 0; i < 2; i++) { // as Spark cancels a job that loses its executors
        Await.until("one is asked", () -> status.getActiveJobIds().length > 0);
        pool.context().cancelAllJobs();
      }
      asked.forEach(Processes::resume);
      assertThat(Await.result(future)).isEqualTo(5);
    } finally {
      asked.stream().filter(Processes::isAlive).forEach(Processes::resume);
    }
    endings.assertOnceEach();
  }
}
