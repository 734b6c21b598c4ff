package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.WorkerLostException;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that crash, exhaust or block their worker. */
@Timeout(180)
class RunawayTaskTest extends WithPools {
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void oneThatExitsIsLostAlone() throws Exception {
    assertLostAlone(pool(1), () -> System.exit(3), 3);
  }

  @Test
  void oneThatExitsWithoutFailureIsLostToo() throws Exception {
    assertLostAlone(pool(1), () -> System.exit(0), 0);
  }

  @Test
  void oneThatHaltsIsLostAlone() throws Exception {
    assertLostAlone(pool(1), () -> Runtime.getRuntime().halt(4), 4);
  }

  private static void assertLostAlone(ProcessPoolExecutor pool, SerializableRunnable body, int code)
      throws Exception {
    var victim = pool.submit(named("victim"), body);
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(victim))
        .isInstanceOfSatisfying(
            WorkerLostException.class, lost -> assertThat(lost.exitCode()).hasValue(code))
        .hasMessageContaining("exit code " + code);
    assertThat(Await.result(other)).isEqualTo(5);
  }

  @Test
  void oneThatCrashesTheJvmIsLostWithTheSummaryOfTheCrash() throws Exception {
    var pool =
        pool(quiet(1).jvmArgs("--enable-native-access=ALL-UNNAMED").workingDirectory(folder));
    var victim = pool.submit(named("victim"), TaskBodies::crash);
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(victim))
        .isInstanceOfSatisfying(
            WorkerLostException.class,
            lost -> {
              // Without a core file the JVM ends by itself, not by a signal.
              assertThat(lost.exitCode()).hasValue(1);
              assertThat(lost.stderrTail())
                  .anySatisfy(line -> assertThat(line).contains("fatal error"))
                  .anySatisfy(line -> assertThat(line).contains("SIGSEGV"));
            });
    assertThat(Await.result(other)).isEqualTo(5);
    try (var left = Files.list(folder)) {
      assertThat(left).as("neither a core file nor a report").isEmpty();
    }
  }

  @Test
  void oneThatExhaustsTheHeapIsLostAlone() throws Exception {
    var pool = pool(quiet(1).workerHeap(32 * MEGABYTE));
    var victim = pool.submit(named("victim"), TaskBodies::exhaustTheHeap);
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(victim))
        .isInstanceOf(WorkerLostException.class)
        .hasMessageContaining("OutOfMemoryError");
    assertThat(Await.result(other)).isEqualTo(5);
  }

  @Test
  void anArgumentLargerThanTheWorkersHeapFailsItsTaskAlone() throws Exception {
    var pool = pool(quiet(1).workerHeap(32 * MEGABYTE));
    var argument = new byte[100 * MEGABYTE];
    var victim = pool.submit(named("victim"), () -> argument.length);
    var other = pool.submit(() -> 5);

    assertThat(Await.failure(victim)).isInstanceOf(WorkerLostException.class);
    assertThat(Await.result(other)).isEqualTo(5);
  }

  @Test
  void aStackOverflowComesBackAndItsWorkerLives() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));

    var future = pool.submit(() -> TaskBodies.overflowTheStack(0));

    assertThat(Await.failure(future)).isInstanceOf(StackOverflowError.class);
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  @Test
  void anInfiniteLoopEndsWithItsTimeOut() throws Exception {
    assertKilledByTimeOut(TaskBodies::spinForEver);
  }

  @Test
  void aLoopWithoutSafepointEndsWithItsTimeOut() throws Exception {
    assertKilledByTimeOut(TaskBodies::countOn);
  }

  @Test
  void aDeadlockEndsWithItsTimeOut() throws Exception {
    assertKilledByTimeOut(TaskBodies::deadlock);
  }

  private void assertKilledByTimeOut(SerializableCallable<Long> body) throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofMillis(50)));
    long pid = Await.result(pool.submit(TaskBodies::pid));

    var victim = pool.submit(limited("victim", 300), body);
    var other = pool.submit(TaskBodies::pid);

    assertThat(Await.failure(victim))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("victim")
        .hasMessageContaining("300 ms")
        .hasMessageContaining("pid " + pid);
    assertThat(Await.result(other)).isNotEqualTo(pid);
    assertThat(Processes.isAlive(pid)).isFalse();
  }

  @Test
  void oneThatEndsWhenInterruptedKeepsItsWorker() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));

    var victim = pool.submit(limited("victim", 100), TaskBodies::sleepForEver);

    assertThat(Await.failure(victim)).isInstanceOf(TimeoutException.class);
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  @Test
  void oneThatIgnoresInterruptsIsKilledWithItsWorkerWhenCancelled() throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofSeconds(2)));
    var victim = pool.submit(named("victim"), TaskBodies::ignoreInterrupts);
    var ended = ((WorkFuture<?>) victim).ended().toCompletableFuture();
    long pid = awaitRunning(pool, "victim").pid();

    assertThat(victim.cancel(true)).isTrue();

    assertThat(victim.state()).isEqualTo(Future.State.CANCELLED);
    assertThat(ended).as("the work goes on").isNotDone();
    Await.result(ended);
    assertThat(Processes.isAlive(pid)).isFalse();
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotEqualTo(pid);
  }

  @Test
  void oneThatIsCancelledWithoutInterruptRunsToItsEnd() throws Exception {
    var pool = pool(1);
    var gate = folder.resolve("gate");
    var name = gate.toString();
    var runs = folder.resolve("runs");
    var runsName = runs.toString();
    var future = pool.submit(named("cancelled"), () -> awaitAndMark(name, runsName));
    awaitRunning(pool, "cancelled");

    assertThat(future.cancel(false)).isTrue();
    Files.createFile(gate);

    Await.result(((WorkFuture<?>) future).ended().toCompletableFuture());
    assertThat(TaskBodies.marks(runs)).isEqualTo(1);
    assertThat(catchThrowable(future::get)).isInstanceOf(CancellationException.class);
  }

  private static long awaitAndMark(String gate, String runs) throws Exception {
    while (!Files.exists(Path.of(gate))) {
      Thread.sleep(5);
    }
    return TaskBodies.mark(runs);
  }

  @Test
  void threadsLeftBehindDoNotKeepTheWorker() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));
    Await.result(pool.submit(TaskBodies::startThread));
    var exits = folder.resolve("exits");
    var name = exits.toString();
    Await.result(pool.submit(() -> markAtExit(name)));
    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);

    pool.shutdown();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.isAlive(pid)).isFalse();
    assertThat(TaskBodies.marks(exits)).as("it was not killed").isEqualTo(1);
  }

  @Test
  void aShutdownHookThatHangsDoesNotKeepTheWorker() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));
    Await.result(pool.submit(RunawayTaskTest::hangAtExit));

    pool.shutdown();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.isAlive(pid)).isFalse();
  }

  private static void markAtExit(String file) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  try {
                    TaskBodies.mark(file);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
  }

  private static void hangAtExit() {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(TaskBodies::ignoreInterrupts));
  }

  @Test
  void aTaskThatHangsInExitIsKilledByItsTimeOut() throws Exception {
    var pool = pool(quiet(1).cancelGrace(Duration.ofMillis(50)));
    Await.result(pool.submit(RunawayTaskTest::hangAtExit));

    var victim = pool.submit(limited("victim", 300), () -> System.exit(3));

    assertThat(Await.failure(victim)).isInstanceOf(TimeoutException.class);
    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
  }

  @Test
  void childrenOfAWorkerAreGoneOnceThePoolHasEnded() throws Exception {
    assumeTrue(Processes.hasProc(), "process groups are looked after on Linux");
    var pool = pool(1);
    long child = Await.result(pool.submit(TaskBodies::startProcess));
    long orphan = Await.result(pool.submit(TaskBodies::startOrphan));
    assertThat(Processes.alive(List.of(child, orphan))).hasSize(2);

    pool.shutdown();

    assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Processes.alive(List.of(child, orphan))).isEmpty();
  }

  @Test
  void childrenOfAKilledWorkerAreGoneSoonAfter() throws Exception {
    assumeTrue(Processes.hasProc(), "process groups are looked after on Linux");
    var pool = pool(1);
    long child = Await.result(pool.submit(TaskBodies::startProcess));
    long orphan = Await.result(pool.submit(TaskBodies::startOrphan));

    Processes.kill(Await.result(pool.submit(TaskBodies::pid)));

    Await.until("its children are gone", () -> Processes.alive(List.of(child, orphan)).isEmpty());
    assertThat(Await.result(pool.submit(() -> 5))).isEqualTo(5);
  }

  @Test
  void whatATaskChangesOfItsThreadTheNextDoesNotSee() throws Exception {
    var pool = pool(1);
    var before = Await.result(pool.submit(RunawayTaskTest::threadAsItIs));

    Await.result(pool.submit(RunawayTaskTest::spoilThread));

    assertThat(Await.result(pool.submit(RunawayTaskTest::threadAsItIs))).isEqualTo(before);
  }

  private static String threadAsItIs() {
    var thread = Thread.currentThread();
    return thread.getName() + thread.isInterrupted() + thread.getContextClassLoader().getName();
  }

  private static void spoilThread() {
    var thread = Thread.currentThread();
    thread.setName("spoiled");
    thread.setContextClassLoader(null);
    thread.interrupt();
  }
}
