package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that are alive and stopped, by SIGSTOP. */
@Timeout(180)
class StoppedWorkerTest extends WithPools {
  @Test
  void stoppedWhileIdleTheOnlyWorkerIsReplaced() throws Exception {
    var pool = pool(1);
    long stopped = Await.result(pool.submit(TaskBodies::pid));

    Processes.stop(stopped);

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotEqualTo(stopped);
    Await.until("the stopped one is gone", () -> !Processes.isAlive(stopped));
  }

  @Test
  void stoppedWhileIdleItsTaskIsTakenOverByAnother() throws Exception {
    var pool = pool(2);
    var both = pool.submit(named("both"), TaskBodies::sleepForEver);
    long other = Await.result(pool.submit(TaskBodies::pid));
    long stopped = awaitRunning(pool, "both").pid();
    both.cancel(true); // it is now the one that was busy last, and would get the next task
    Await.result(((WorkFuture<?>) both).ended().toCompletableFuture());
    Processes.stop(stopped);

    var futures = new ArrayList<Future<Long>>();
    for (int i = 0; i < 20; i++) {
      futures.add(pool.submit(TaskBodies::pid));
    }

    for (var future : futures) {
      assertThat(Await.result(future)).isEqualTo(other);
    }
  }

  @Test
  void stoppedMidTaskItIsKilledWhenTheTaskTimesOut() throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofMillis(100)));
    var future = pool.submit(limited("victim", 3_000), TaskBodies::sleepForEver);
    long stopped = awaitRunning(pool, "victim").pid();

    Processes.stop(stopped);

    assertThat(Await.failure(future))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("victim")
        .hasCauseInstanceOf(WorkerLostException.class);
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotEqualTo(stopped);
  }

  @Test
  void stoppedWhileItStartsItIsReplaced() throws Exception {
    for (int seconds = 2; ; seconds *= 3) { // enough for the next worker, also on a busy machine
      var pool = pool(quiet(1).startTimeout(Duration.ofSeconds(seconds)));
      var future = pool.submit(TaskBodies::pid);
      long stopped = awaitWorker(pool, "starting").pid();

      Processes.stop(stopped);

      try {
        assertThat(Await.result(future)).isNotEqualTo(stopped);
        return;
      } catch (ExecutionException e) {
        assertThat(e).hasStackTraceContaining("not ready after " + seconds);
      }
    }
  }

  @Test
  void stoppedWhileItGetsALargeArgumentItIsReplaced() throws Exception {
    var pool = pool(1);
    long stopped = Await.result(pool.submit(TaskBodies::pid));
    var argument = new byte[10_000_000];

    Processes.stop(stopped);
    var length = pool.submit(() -> argument.length);

    assertThat(Await.result(length)).isEqualTo(argument.length);
  }

  @Test
  void stoppedAndResumedItGoesOn() throws Exception {
    var pool = pool(1);
    var file = Files.createTempFile("segue-faults", "");
    try {
      var name = file.toString();
      long pid = Await.result(pool.submit(TaskBodies::pid));
      Processes.stop(pid);
      var future = pool.submit(() -> TaskBodies.mark(name));
      Processes.resume(pid);

      assertThat(Await.result(future)).isEqualTo(1);
      assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aPoolWithAStoppedWorkerEnds() throws Exception {
    var pool = pool(1);
    long stopped = Await.result(pool.submit(TaskBodies::pid));
    Processes.stop(stopped);

    pool.shutdown();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.isAlive(stopped)).isFalse();
  }
}
