package dev.segue.process.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parents that are killed with SIGKILL: nothing of their pools survives them. */
@Tag("fault-injection")
@Timeout(180)
class ParentDeathTest {
  @TempDir Path folder;

  private final List<Long> pids = new ArrayList<>();

  @AfterEach
  void leaveNothing() {
    pids.forEach(Processes::kill);
  }

  @Test
  void workersThatAreIdleOrBusyAreGone() throws Exception {
    assertAllGone("mixed", 4);
  }

  @Test
  void workersInLoopsWithoutSafepointAreGone() throws Exception {
    assertAllGone("counting", 2);
  }

  @Test
  void workersThatReceiveAndSendMuchAreGone() throws Exception {
    assertAllGone("moving", 2);
  }

  @Test
  void aWorkerInItsInitializerIsGone() throws Exception {
    assertAllGone("initializing", 1);
  }

  @Test
  void aWorkerThatHangsInExitIsGone() throws Exception {
    assertAllGone("exiting", 1);
  }

  @Test
  void childrenOfWorkersAreGone() throws Exception {
    assumeTrue(Processes.hasProc(), "process groups are looked after on Linux");
    assertAllGone("children", 3);
  }

  private void assertAllGone(String mode, int expected) throws Exception {
    try (var parent = start(mode)) {
      pids.addAll(pids(parent));
      assertThat(Processes.alive(pids)).hasSize(expected);
      long start = System.nanoTime();

      kill(parent);

      Await.until("all are gone: " + pids, () -> Processes.alive(pids).isEmpty());
      System.out.printf(
          "%s: %d processes gone %d ms after their parent%n",
          mode, expected, (System.nanoTime() - start) / 1_000_000);
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void aWorkerThatHasYetToConnectIsGoneAndTheNextPoolSweepsItsFolder() throws Exception {
    try (var parent = start("starting")) {
      pids.addAll(pids(parent));
      long stopped = pids.getFirst();
      assertThat(left()).hasSize(1);

      kill(parent);
      Processes.resume(stopped);

      Await.until("the worker is gone", () -> !Processes.isAlive(stopped));
    }
    try (var next = start("next")) {
      assertThat(next.line("result")).isEqualTo("5");
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void theNextPoolLeavesTheFoldersOfLivingPoolsAlone() throws Exception {
    try (var parent = start("starting");
        var next = start("next")) {
      pids.addAll(pids(parent));
      assertThat(next.line("result")).isEqualTo("5");
      assertThat(left()).hasSize(1);

      Processes.resume(pids.getFirst());

      assertThat(parent.line("result")).isEqualTo("5");
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void aParentThatExitsWithoutShutdownLeavesNothing() throws Exception {
    try (var parent = start("exit")) {
      pids.addAll(pids(parent));
      Await.until("the parent has ended", () -> !Processes.isAlive(parent.pid()));

      Await.until("its workers are gone", () -> Processes.alive(pids).isEmpty());
      assertThat(left()).isEmpty();
    }
  }

  private ChildJvm start(String mode) throws IOException {
    return ChildJvm.of(ParentProgram.class)
        .options("-Djava.io.tmpdir=" + folder)
        .arguments(mode)
        .start();
  }

  private static void kill(ChildJvm parent) throws Exception {
    parent.signal("KILL");
    parent.exitCode();
  }

  private static List<Long> pids(ChildJvm parent) throws InterruptedException {
    return Stream.of(parent.line("pids").strip().split(" ")).map(Long::valueOf).toList();
  }

  private List<Path> left() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).toList();
    }
  }
}
