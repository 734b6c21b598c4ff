package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.futures.WorkerLostException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are killed in each of their states. */
@Timeout(180)
class WorkerDeathTest extends WithPools {
  private static final int LARGE = 100_000_000;

  @TempDir Path folder;

  @Test
  void killedWhileIdleItIsReplacedForTheNextTask() throws Exception {
    var pool = pool(1);
    long first = Await.result(pool.submit(TaskBodies::pid));

    Processes.kill(first);

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotEqualTo(first);
  }

  @Test
  void killedWhileItStartsItIsReplacedAndItsTaskRuns() throws Exception {
    var pool = pool(1);
    var future = pool.submit(TaskBodies::pid);
    long starting = awaitWorker(pool, "starting").pid();

    Processes.kill(starting);

    assertThat(Await.result(future)).isNotEqualTo(starting);
  }

  @Test
  void killedInItsInitializerItIsReplacedAndItsTaskRuns() throws Exception {
    var file = folder.resolve("initialized").toString();
    var pool = pool(quiet(1).initializer(() -> sleepTheFirstTime(file)));
    var future = pool.submit(TaskBodies::pid);
    Await.until("the initializer runs", () -> TaskBodies.marks(Path.of(file)) == 1);
    long starting = awaitWorker(pool, "starting").pid();

    Processes.kill(starting);

    assertThat(Await.result(future)).isNotEqualTo(starting);
    assertThat(TaskBodies.marks(Path.of(file))).isEqualTo(2);
  }

  private static void sleepTheFirstTime(String file) {
    try {
      if (TaskBodies.mark(file) == 1) {
        TaskBodies.sleepForEver();
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void killedMidTaskItLosesThatTaskAlone() throws Exception {
    var pool = pool(1);
    var victim = pool.submit(named("victim"), TaskBodies::sleepForEver);
    var others = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 50; i++) {
      int n = i;
      others.add(pool.submit(() -> n));
    }
    long killed = awaitRunning(pool, "victim").pid();

    Processes.kill(killed);

    assertThat(Await.failure(victim))
        .isInstanceOf(WorkerLostException.class)
        .message()
        .contains("SIGKILL")
        .doesNotContain("killed by the pool");
    for (int i = 0; i < 50; i++) {
      assertThat(Await.result(others.get(i))).isEqualTo(i);
    }
  }

  @Test
  void killedMidTaskItDoesNotDisturbAnother() throws Exception {
    var pool = pool(2);
    var gate = folder.resolve("gate").toString();
    var other = pool.submit(named("other"), () -> awaitFile(gate));
    var victim = pool.submit(named("victim"), TaskBodies::sleepForEver);
    long undisturbed = awaitRunning(pool, "other").pid();

    Processes.kill(awaitRunning(pool, "victim").pid());

    assertThat(Await.failure(victim)).isInstanceOf(WorkerLostException.class);
    Files.createFile(Path.of(gate));
    assertThat(Await.result(other)).isEqualTo(undisturbed);
  }

  private static long awaitFile(String file) throws InterruptedException {
    while (!Files.exists(Path.of(file))) {
      Thread.sleep(5);
    }
    return TaskBodies.pid();
  }

  @Test
  void aLostTaskTellsAllThatIsKnown() throws Exception {
    var errors = new Lines();
    var pool = pool(quiet(1).outputTo(new Lines(), errors));
    var future = pool.submit(named("the victim"), WorkerDeathTest::complainAndSleep);
    var worker = awaitRunning(pool, "the victim");
    Await.until("its complaint has come", () -> errors.contains("second line"));

    Processes.kill(worker.pid());

    assertThat(Await.failure(future))
        .isInstanceOfSatisfying(
            WorkerLostException.class,
            lost -> {
              assertThat(lost.pid()).isEqualTo(worker.pid());
              assertThat(lost.exitCode()).hasValue(128 + 9);
              assertThat(lost.stderrTail()).containsExactly("first line", "second line");
            })
        .message()
        .contains("the victim", worker.name(), "pid " + worker.pid(), "SIGKILL", "137")
        .contains("first line", "second line")
        .containsPattern("running for \\d+(\\.\\d+)? m?s");
  }

  private static long complainAndSleep() throws InterruptedException {
    System.err.println("first line");
    System.err.println("second line");
    return TaskBodies.sleepForEver();
  }

  @Test
  void killedWhileItReceivesALargeArgumentItDoesNotLoseTheTask() throws Exception {
    assumeTrue(Processes.hasProc(), "needs /proc to see how much has come");
    var pool = pool(1);
    var argument = new byte[LARGE];
    Arrays.fill(argument, (byte) 7);
    var runs = folder.resolve("runs").toString();
    long pid = Await.result(pool.submit(TaskBodies::pid));
    long before = Processes.bytesRead(pid);

    var future = pool.submit(() -> sumOnce(runs, argument));
    stopBetween(pid, before, () -> Processes.bytesRead(pid));
    Processes.kill(pid);

    assertThat(Await.result(future)).isEqualTo(7L * LARGE);
    assertThat(TaskBodies.marks(Path.of(runs))).isEqualTo(1);
  }

  private static long sumOnce(String runs, byte[] argument) throws Exception {
    TaskBodies.mark(runs);
    long sum = 0;
    for (byte b : argument) {
      sum += b;
    }
    return sum;
  }

  @Test
  void killedWhileItSendsALargeResultItLosesThatTaskAlone() throws Exception {
    assumeTrue(Processes.hasProc(), "needs /proc to see how much has gone");
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));
    long before = Processes.bytesWritten(pid);

    var future = pool.submit(named("large"), () -> new byte[LARGE]);
    var next = pool.submit(TaskBodies::pid);
    stopBetween(pid, before, () -> Processes.bytesWritten(pid));
    Processes.kill(pid);

    assertThat(Await.failure(future))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("large");
    assertThat(Await.result(next)).isNotEqualTo(pid);
  }

  /** Stops a process when it has moved some, and not all, of the bytes. */
  private static void stopBetween(long pid, long before, LongSupplier now) {
    Await.until("the first bytes have been moved", () -> now.getAsLong() - before > LARGE / 50);
    Processes.stop(pid);
    assertThat(now.getAsLong() - before).as("not all has been moved").isLessThan(LARGE);
  }

  @Test
  void killedBetweenClaimAndStartItLosesThatTaskAlone() throws Exception {
    var pool = pool(1);
    var argument = new SleepsWhenRead();
    var runs = folder.resolve("runs").toString();
    var future = pool.submit(named("victim"), () -> useOnce(runs, argument));
    var next = pool.submit(TaskBodies::pid);
    long pid = awaitRunning(pool, "victim").pid();

    Processes.kill(pid);

    assertThat(Await.failure(future))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("victim");
    assertThat(Await.result(next)).isNotEqualTo(pid);
    assertThat(TaskBodies.marks(Path.of(runs))).isZero();
  }

  private static boolean useOnce(String runs, Object argument) throws IOException {
    TaskBodies.mark(runs);
    return argument != null;
  }

  private static final class SleepsWhenRead implements Serializable {
    private void readObject(ObjectInputStream in) throws InterruptedException {
      TaskBodies.sleepForEver();
    }
  }

  @Test
  void aTaskWithARetryIsStartedAgain() throws Exception {
    var pool = pool(1);
    var runs = folder.resolve("runs").toString();

    var future = pool.submit(named("again").withRetries(1), () -> dieTheFirstTime(runs));

    assertThat(Await.result(future)).isEqualTo(2);
  }

  private static long dieTheFirstTime(String runs) throws IOException {
    long run = TaskBodies.mark(runs);
    if (run == 1) {
      Runtime.getRuntime().halt(9);
    }
    return run;
  }

  @Test
  void aTaskWhoseRetriesAreUsedUpIsLost() throws Exception {
    var pool = pool(1);
    var runs = folder.resolve("runs").toString();

    var future = pool.submit(named("never").withRetries(2), () -> dieEachTime(runs));

    assertThat(Await.failure(future)).isInstanceOf(WorkerLostException.class);
    assertThat(TaskBodies.marks(Path.of(runs))).isEqualTo(3);
  }

  private static long dieEachTime(String runs) throws IOException {
    long run = TaskBodies.mark(runs);
    Runtime.getRuntime().halt(9);
    return run;
  }

  @Test
  void allKilledAtOnceAllAreReplaced() throws Exception {
    var pool = pool(2);
    var first = pool.submit(named("first"), TaskBodies::sleepForEver);
    var second = pool.submit(named("second"), TaskBodies::sleepForEver);
    long one = awaitRunning(pool, "first").pid();
    long other = awaitRunning(pool, "second").pid();

    Processes.kill(one);
    Processes.kill(other);

    assertThat(Await.failure(first)).hasMessageContaining("first");
    assertThat(Await.failure(second)).hasMessageContaining("second");
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotIn(one, other);
  }
}
