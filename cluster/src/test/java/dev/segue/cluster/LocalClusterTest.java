package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalClusterTest {
  @Test
  void workersAreRegisteredOnceItHasStarted() {
    var cluster = SharedCluster.get();
    assertThat(cluster.master()).matches("spark://127.0.0.1:\\d+");
    assertThat(cluster.masterProcess().isAlive()).isTrue();
    assertThat(cluster.workerProcesses()).hasSize(2).allMatch(ProcessHandle::isAlive);
  }

  @Test
  void closeLeavesNoProcessAndNoFile() {
    var cluster = LocalCluster.start(0, 1, 1L << 30);
    var master = cluster.masterProcess();
    cluster.close();
    assertThat(master.isAlive()).isFalse();
    assertThat(cluster.folder()).doesNotExist();
    cluster.close(); // does nothing
  }

  @Test
  void memberThatFailsToStartIsToldWithItsLog() {
    var builder = LocalCluster.builder().workers(0).config("spark.port.maxRetries", "many");
    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the master of a cluster has ended; its log ends with:")
        .hasMessageContaining("many");
  }

  @Test
  void startThatTakesTooLongFails() {
    var builder = LocalCluster.builder().workers(0).startTimeout(Duration.ofMillis(1));
    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the master of a cluster was not ready within 0.001 s");
  }

  @Test
  void optionsAreChecked() {
    var builder = LocalCluster.builder();
    assertThatThrownBy(() -> builder.workers(-1)).hasMessage("workers must be at least 0: -1");
    assertThatThrownBy(() -> builder.coresPerWorker(0))
        .hasMessage("coresPerWorker must be at least 1: 0");
    assertThatThrownBy(() -> builder.memoryPerWorker(1_000))
        .hasMessage("memoryPerWorker must be at least 1 MiB: 1000");
    assertThatThrownBy(() -> builder.startTimeout(Duration.ZERO))
        .hasMessage("startTimeout must be positive: PT0S");
  }

  @Test
  @Tag("long")
  void killedProgramLeavesNoProcessAndNoFile() throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        ClassPath.ofThisJvm().stream().map(Path::toString).collect(Collectors.joining(":")));
    command.add(ClusterProgram.class.getName());
    var program =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var line = program.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).startsWith("1 ");
    var folder = Path.of(line.substring(2));
    var processes = LocalCluster.processesOf(folder);
    assertThat(processes).hasSize(3); // a master, a worker and an executor
    program.destroyForcibly().waitFor();
    for (var process : processes) {
      process.onExit().get(20, TimeUnit.SECONDS);
    }
    assertThat(LocalCluster.processesOf(folder)).isEmpty();
    assertThat(awaitGone(folder)).isTrue();
  }

  private static boolean awaitGone(Path folder) throws InterruptedException {
    for (int i = 0; i < 100 && Files.exists(folder); i++) {
      Thread.sleep(50);
    }
    return !Files.exists(folder);
  }

  @Test
  void classPathHasWhatManifestsName(@TempDir Path folder) throws Exception {
    var inside = Files.createDirectories(folder.resolve("a folder/classes"));
    var jar =
        TestJars.withClassPath(folder.resolve("main jar.jar"), "a%20folder/classes/ none.jar");
    assertThat(ClassPath.of(jar + ":" + folder.resolve("missing.jar")))
        .isEqualTo(List.of(jar, inside));
  }
}
