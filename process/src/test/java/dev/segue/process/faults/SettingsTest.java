package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.WhenFull;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The effect of each option of the builder on the workers. */
@Timeout(180)
class SettingsTest extends WithPools {
  private static final String PROPERTY = "segue.test.colour";

  @TempDir Path folder;

  @AfterEach
  void clearProperty() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void aWorkerIsReplacedAfterItsLastTask() throws Exception {
    var pool = pool(quiet(1).maxTasksPerWorker(2));

    var pids = new ArrayList<Long>();
    for (int i = 0; i < 6; i++) {
      pids.add(Await.result(pool.submit(TaskBodies::pid)));
    }

    assertThat(pids.get(0)).isEqualTo(pids.get(1));
    assertThat(pids.get(2)).isEqualTo(pids.get(3));
    assertThat(pids.get(4)).isEqualTo(pids.get(5));
    assertThat(pids.stream().distinct()).hasSize(3);
  }

  @Test
  void aWorkerIsReplacedAfterItsLastTaskAlsoWhenManyWait() throws Exception {
    var pool = pool(quiet(1).maxTasksPerWorker(5));

    var futures = new ArrayList<Future<Long>>();
    for (int i = 0; i < 20; i++) {
      futures.add(pool.submit(TaskBodies::pid));
    }

    var pids = new ArrayList<Long>();
    for (var future : futures) {
      pids.add(Await.result(future));
    }
    assertThat(pids.stream().distinct()).hasSize(4);
  }

  @Test
  void anIdleWorkerEndsAfterTheIdleTimeOut() throws Exception {
    var pool = pool(quiet(1).idleTimeout(Duration.ofMillis(300)));
    long pid = Await.result(pool.submit(TaskBodies::pid));

    Await.until("it has ended", () -> !Processes.isAlive(pid));

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isNotEqualTo(pid);
  }

  @Test
  void withoutAnIdleTimeOutAWorkerStays() throws Exception {
    var pool = pool(1);
    long pid = Await.result(pool.submit(TaskBodies::pid));

    Thread.sleep(500);

    assertThat(Await.result(pool.submit(TaskBodies::pid))).isEqualTo(pid);
  }

  @Test
  void theTimeOutOfThePoolHoldsForATaskWithoutItsOwn() throws Exception {
    var pool = pool(quiet(1).taskTimeout(Duration.ofMillis(200)));

    var future = pool.submit(named("slow"), TaskBodies::sleepForEver);

    assertThat(Await.failure(future))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("slow")
        .hasMessageContaining("200 ms");
  }

  @Test
  void theTimeOutOfATaskGoesBeforeThatOfThePool() throws Exception {
    var pool = pool(quiet(1).taskTimeout(Duration.ofMillis(50)));

    assertThat(Await.result(pool.submit(limited("slow", 20_000), () -> sleep(300)))).isEqualTo(300);
  }

  private static long sleep(long millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  @Test
  void theTimeATaskWaitsDoesNotCount() throws Exception {
    var pool = pool(1);

    pool.submit(() -> sleep(1_500));
    var second = pool.submit(limited("second", 1_000), () -> 5);

    assertThat(Await.result(second)).isEqualTo(5);
  }

  @Test
  void aFullQueueRejects() throws Exception {
    var pool = pool(quiet(1).queueCapacity(2, 1_000_000).whenFull(WhenFull.REJECT));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_000; i++) {
                pool.submit(TaskBodies::sleepForEver);
              }
            })
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("no room");
  }

  @Test
  void aQueueFullOfBytesRejects() throws Exception {
    var pool = pool(quiet(1).queueCapacity(1_000_000, 1_000_000).whenFull(WhenFull.REJECT));
    var argument = new byte[300_000];

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                pool.submit(() -> argument.length + TaskBodies.sleepForEver());
              }
            })
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("no room");
  }

  @Test
  void aFullQueueBlocksUntilThereIsRoom() throws Exception {
    var pool = pool(quiet(1).queueCapacity(2, 1_000_000));

    var futures = new ArrayList<Future<Integer>>();
    for (int i = 0; i < 2_000; i++) {
      int n = i;
      futures.add(pool.submit(() -> n));
    }

    for (int i = 0; i < 2_000; i++) {
      assertThat(Await.result(futures.get(i))).isEqualTo(i);
    }
  }

  @Test
  void aThreadThatWaitsForRoomGoesOnWhenTheFirstWorkerTakesTheTaskAhead() throws Exception {
    var pool = pool(quiet(1).queueCapacity(1, 1_000_000));
    pool.submit(named("first"), TaskBodies::sleepForEver); // it never replies

    var second = pool.submit(() -> 5); // waits until there is a worker

    assertThat(second).isNotDone();
  }

  @Test
  void whoeverWaitsForRoomIsWokenByShutdown() throws Exception {
    var pool = pool(quiet(1).queueCapacity(1, 1_000_000));
    var rejected = new CompletableFuture<Throwable>();
    var submitter =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (true) {
                  pool.submit(TaskBodies::sleepForEver);
                }
              } catch (RejectedExecutionException e) {
                rejected.complete(e);
              }
            });
    Await.until("it waits", () -> submitter.getState() == Thread.State.WAITING);

    pool.shutdown();

    assertThat(Await.result(rejected)).hasMessageContaining("shut down");
  }

  @Test
  void anEnvironmentVariableIsSetOrRemoved() throws Exception {
    var pool = pool(quiet(1).environment("SEGUE_TEST", "blue").environment("HOME", null));

    assertThat(Await.result(pool.submit(() -> System.getenv("SEGUE_TEST")))).isEqualTo("blue");
    assertThat(Await.result(pool.submit(() -> System.getenv("HOME") == null))).isTrue();
  }

  @Test
  void theWorkingDirectoryIsTheOneGiven() throws Exception {
    var pool = pool(quiet(1).workingDirectory(folder));

    var seen = Await.result(pool.submit(() -> Path.of("").toAbsolutePath().toString()));

    assertThat(Path.of(seen).toRealPath()).isEqualTo(folder.toRealPath());
  }

  @Test
  void aSystemPropertyIsPassedOnWhenNamed() throws Exception {
    System.setProperty(PROPERTY, "deep blue");
    var named = pool(quiet(1).systemProperties(PROPERTY));
    var unnamed = pool(1);

    assertThat(Await.result(named.submit(() -> System.getProperty(PROPERTY))))
        .isEqualTo("deep blue");
    assertThat(Await.result(unnamed.submit(() -> System.getProperty(PROPERTY)))).isNull();
  }

  @Test
  void jvmOptionsReachTheWorker() throws Exception {
    var pool = pool(quiet(1).jvmArgs("-Dsegue.test.option=red", "-Xss3m"));

    assertThat(Await.result(pool.submit(() -> System.getProperty("segue.test.option"))))
        .isEqualTo("red");
    assertThat(
            Await.result(
                pool.submit(() ->
                    ManagementFactory.getRuntimeMXBean().getInputArguments().contains("-Xss3m"))))
        .isTrue();
  }

  @Test
  void theHeapIsBoundedAsTold() throws Exception {
    var pool = pool(quiet(1).workerHeap(48 << 20));

    assertThat(Await.result(pool.submit(() -> Runtime.getRuntime().maxMemory())))
        .isLessThanOrEqualTo(48 << 20);
  }

  @Test
  void theInitializerRunsOnceInEachWorkerBeforeItsTasks() throws Exception {
    var runs = folder.resolve("runs");
    var name = runs.toString();
    var pool = pool(quiet(1).initializer(() -> mark(name)));

    for (int i = 0; i < 3; i++) {
      assertThat(Await.result(pool.submit(() -> System.getProperty(PROPERTY)))).isEqualTo("set");
    }

    assertThat(TaskBodies.marks(runs)).isEqualTo(1);
  }

  private static void mark(String runs) {
    try {
      TaskBodies.mark(runs);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    System.setProperty(PROPERTY, "set");
  }

  @Test
  void workersTellWhatTheyDo() throws Exception {
    var pool = pool(2);
    assertThat(pool.workers()).isEmpty();
    long idle = Await.result(pool.submit(TaskBodies::pid));
    pool.submit(named("busy bee"), TaskBodies::sleepForEver);
    long busy = awaitRunning(pool, "busy bee").pid();
    if (busy == idle) {
      pool.submit(named("second"), () -> 5).get();
    }

    assertThat(pool.workers())
        .anySatisfy(worker -> {
          assertThat(worker.pid()).isEqualTo(busy);
          assertThat(worker.state()).isEqualTo("busy");
          assertThat(worker.currentTask()).isEqualTo("busy bee");
          assertThat(worker.usedBytes()).isGreaterThan(1 << 20);
        })
        .allSatisfy(worker -> assertThat(worker.name()).contains("worker"));
    assertThat(pool.workers().stream().mapToLong(WorkerInfo::tasksDone).sum())
        .isEqualTo(busy == idle ? 2 : 1);
  }

  @Test
  void aVariableThatNoProcessCanHaveIsRefused() {
    var builder = quiet(1);
    assertThatThrownBy(() -> builder.environment("A=B", "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"A=B\"")
        .hasMessageContaining("separately");
    assertThatThrownBy(() -> builder.environment("=", null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.environment("", "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.environment("A\0", "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.environment("A", "b\0c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the value of A")
        .hasMessageContaining("index 1");
  }

  @Test
  void whatAProcessCanHaveIsAccepted() throws Exception {
    var pool = pool(quiet(1).environment("a.b-c d", "=").environment("E", "").jvmArgs("-Dx=\n= a"));
    assertThat(
            Await.result(
                pool.submit(() ->
                    List.of(
                        System.getenv("a.b-c d"), System.getenv("E"), System.getProperty("x")))))
        .containsExactly("=", "", "\n= a");
  }

  @Test
  void whatIsNoOptionIsRefused() {
    var builder = quiet(1);
    for (var arg : List.of("", "Main", " -Xmx1g")) {
      assertThatThrownBy(() -> builder.jvmArgs("@file", arg))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\"" + arg + "\"");
    }
    assertThatThrownBy(() -> builder.jvmArgs("-Dx=\0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index 4");
    assertThat(builder.jvmArgs("--add-opens", "java.base/java.lang=ALL-UNNAMED")).isSameAs(builder);
  }
}
