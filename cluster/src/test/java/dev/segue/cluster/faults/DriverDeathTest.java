package dev.segue.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.TestCluster;
import dev.segue.cluster.TestContext;
import dev.segue.fixtures.ChildJvm;
import dev.segue.process.contract.Signal;
import dev.segue.process.faults.Await;
import dev.segue.process.faults.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that end under their tasks: nothing survives them. */
@Tag("fault-injection")
@Tag("long")
@Timeout(300)
class DriverDeathTest {
  @TempDir Path folder;

  private final List<Long> pids = new ArrayList<>();

  @AfterEach
  void leaveNothing() {
    pids.forEach(Processes::kill);
  }

  /** Starts a program, and waits until a task of it runs. */
  private ChildJvm start(String... master) throws Exception {
    var temporary = Files.createDirectories(folder.resolve("tmp"));
    var arguments = new ArrayList<>(List.of(folder.toString()));
    arguments.addAll(List.of(master));
    var driver =
        ChildJvm.of(DriverProgram.class)
            .options("-Xmx512m", "-Djava.io.tmpdir=" + temporary)
            .arguments(arguments.toArray(String[]::new))
            .start();
    new Signal(folder.resolve("begun").toString()).await();
    pids.add(Long.valueOf(driver.line("executor").strip()));
    driver.handle().descendants().map(ProcessHandle::pid).forEach(pids::add);
    return driver;
  }

  private void assertAllGone() {
    Await.until("all are gone: " + pids, () -> Processes.alive(pids).isEmpty());
  }

  private void awaitNoClusterFolder() {
    Await.until(
        "the cluster's files are gone",
        () -> {
          try (var files = Files.list(folder.resolve("tmp"))) {
            return files.noneMatch(
                file -> file.getFileName().toString().startsWith("segue-cluster-"));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void aKilledProgramTakesItsClusterAlong() throws Exception {
    try (var driver = start()) {
      assertThat(Processes.alive(pids)).hasSizeGreaterThanOrEqualTo(3); // master, worker, executor

      driver.signal("KILL");

      driver.exitCode();
      assertAllGone();
      awaitNoClusterFolder();
    }
  }

  @Test
  void anInterruptedProgramLeavesNoProcessAndNoFile() throws Exception {
    try (var driver = start()) {
      assertThat(Processes.alive(pids)).hasSizeGreaterThanOrEqualTo(3);

      driver.signal("INT");

      assertThat(driver.exitCode()).isEqualTo(130);
      assertAllGone();
      awaitNoClusterFolder();
    }
  }

  @Test
  void aKilledProgramLeavesNoExecutorOnAClusterOfOthers() throws Exception {
    TestContext.stop();
    var cluster = TestCluster.shared();
    try (var driver = start(cluster.master())) {
      assertThat(Processes.alive(pids)).isNotEmpty();

      driver.signal("KILL");

      driver.exitCode();
      assertAllGone();
      assertThat(Processes.alive(cluster.workerPids())).hasSize(2);
      Await.until("no executor is left", () -> cluster.executorPids().isEmpty());
    }
  }
}
