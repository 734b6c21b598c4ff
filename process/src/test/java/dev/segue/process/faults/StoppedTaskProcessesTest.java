package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.futures.WorkFuture;
import dev.segue.process.ProcessPoolExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The processes that tasks start end with a task that is stopped, and not with one that is not. */
@Timeout(180)
class StoppedTaskProcessesTest extends WithPools {
  private static final String SLEEP = "exec sleep 1000";

  @TempDir Path folder;
  private long child;

  @AfterEach
  void endChild() {
    if (child > 0) {
      Processes.kill(child);
    }
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  /** Starts a process, and waits for its end. */
  private static int runShell(String pidFile, String script)
      throws IOException, InterruptedException {
    return start(pidFile, script).waitFor();
  }

  /** Starts a process, and waits for its output, which an interrupt does not end. */
  private static int readShell(String pidFile, String script) throws IOException {
    return start(pidFile, script).getInputStream().read();
  }

  private static Process start(String pidFile, String script) throws IOException {
    var process = new ProcessBuilder("sh", "-c", script).start();
    Files.writeString(Path.of(pidFile + ".new"), Long.toString(process.pid()));
    Files.move(Path.of(pidFile + ".new"), Path.of(pidFile));
    return process;
  }

  private void awaitChild() throws IOException {
    Await.until("there is a child", () -> Files.exists(folder.resolve("pid")));
    child = Long.parseLong(Files.readString(folder.resolve("pid")));
    assertThat(Processes.isAlive(child)).isTrue();
  }

  private static void awaitEnd(Future<?> future) throws Exception {
    Await.result(((WorkFuture<?>) future).ended().toCompletableFuture());
  }

  private static long worker(ProcessPoolExecutor pool) throws Exception {
    return Await.result(pool.submit(TaskBodies::pid));
  }

  @Test
  void oneEndsWithACancelledTaskAndTheWorkerStays() throws Exception {
    var pool = pool(1);
    long worker = worker(pool);
    var pid = file("pid");
    var task = pool.submit(() -> runShell(pid, SLEEP));
    awaitChild();

    task.cancel(true);
    awaitEnd(task);

    assertThat(Processes.isAlive(child)).isFalse();
    assertThat(worker(pool)).isEqualTo(worker);
  }

  @Test
  void oneEndsWithATaskThatRanTooLongAndTheWorkerStays() throws Exception {
    var pool = pool(1);
    long worker = worker(pool);
    var pid = file("pid");
    var task = pool.submit(limited("long", 1_000), () -> runShell(pid, SLEEP));
    awaitChild();

    assertThat(Await.failure(task)).isInstanceOf(TimeoutException.class);

    assertThat(Processes.isAlive(child)).isFalse();
    assertThat(worker(pool)).isEqualTo(worker);
  }

  @Test
  void oneEndsWithATaskThatAnInterruptDoesNotEnd() throws Exception {
    assumeTrue(Processes.hasProc(), "process groups are looked after on Linux");
    var pool = pool(quiet(1).cancelGrace(Duration.ofMillis(100)));
    long worker = worker(pool);
    var pid = file("pid");
    var task = pool.submit(() -> readShell(pid, SLEEP));
    awaitChild();

    task.cancel(true);
    awaitEnd(task);

    Await.until("it is gone", () -> !Processes.isAlive(child));
    assertThat(worker(pool)).isNotEqualTo(worker);
  }

  @Test
  void oneMayEndInOrder() throws Exception {
    var pool = pool(1);
    var pid = file("pid");
    var script =
        "trap 'echo > %s; exit' TERM; echo > %s; while :; do sleep 0.01; done"
            .formatted(file("ended"), file("ready"));
    var task = pool.submit(() -> runShell(pid, script));
    awaitChild();
    Await.until("it is ready", () -> Files.exists(folder.resolve("ready")));

    task.cancel(true);
    awaitEnd(task);

    assertThat(Processes.isAlive(child)).isFalse();
    assertThat(folder.resolve("ended")).exists();
  }

  @Test
  void oneThatIgnoresTheRequestIsKilled() throws Exception {
    var pool = pool(1);
    long worker = worker(pool);
    var pid = file("pid");
    var script = "trap '' TERM; echo > %s; while :; do sleep 0.01; done".formatted(file("ready"));
    var task = pool.submit(() -> runShell(pid, script));
    awaitChild();
    Await.until("it is ready", () -> Files.exists(folder.resolve("ready")));

    task.cancel(true);
    awaitEnd(task);

    Await.until("it is gone", () -> !Processes.isAlive(child));
    assertThat(worker(pool)).isEqualTo(worker);
  }

  @Test
  void oneOfAnEarlierTaskGoesOnWhenALaterOneIsStopped() throws Exception {
    var pool = pool(1);
    child = Await.result(pool.submit(TaskBodies::startProcess));
    Thread.sleep(100); // its age is what distinguishes it
    var pid = file("pid");
    var task = pool.submit(() -> runShell(pid, SLEEP));
    Await.until("there is another child", () -> Files.exists(folder.resolve("pid")));

    task.cancel(true);
    awaitEnd(task);

    assertThat(Processes.isAlive(Long.parseLong(Files.readString(Path.of(pid))))).isFalse();
    assertThat(Processes.isAlive(child)).isTrue();
  }

  @Test
  void oneGoesOnWhenItsTaskIsCancelledWithoutInterrupt() throws Exception {
    var pool = pool(1);
    var gate = file("gate");
    var pid = file("pid");
    var task = pool.submit(() -> startAndAwait(pid, gate));
    awaitChild();

    task.cancel(false);
    Files.createFile(folder.resolve("gate"));
    awaitEnd(task);

    assertThat(Processes.isAlive(child)).isTrue();
  }

  private static int startAndAwait(String pidFile, String gate) throws Exception {
    var process = start(pidFile, SLEEP);
    while (!Files.exists(Path.of(gate))) {
      Thread.sleep(5);
    }
    return process.isAlive() ? 1 : 0;
  }
}
