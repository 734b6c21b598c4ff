package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Each test runs programs that have Segue as a jar, because there is no archive for folders. */
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "a JVM's memory map is read")
class StartupCacheTest {
  private static final int LINE = '\n';

  @TempDir private static Path shared;
  private static Path segue;

  /** Made once: it takes seconds. */
  private static Path archive;

  @TempDir private Path folder;
  private Path cache;
  private final List<Process> running = new ArrayList<>();

  @BeforeAll
  static void makeArchive() throws Exception {
    segue = TestJars.jar(shared.resolve("segue.jar"), Map.of(), TestJars.FUTURES, TestJars.PROCESS);
    var test = new StartupCacheTest();
    test.cache = shared.resolve("cache");
    test.program(List.of());
    archive = test.made();
    test.running.getFirst().destroyForcibly().waitFor();
  }

  @BeforeEach
  void chooseFolder() {
    cache = folder.resolve("cache");
  }

  @AfterEach
  void end() throws Exception {
    for (var program : running) {
      program.destroyForcibly().waitFor();
    }
    waitForMakers();
  }

  private void waitForMakers() throws InterruptedException {
    while (ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(cache.toString()))) {
      Thread.sleep(20);
    }
  }

  /** Starts a {@link CacheProbe}. */
  private Process program(List<String> options, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dsegue.process.cache=" + cache);
    command.addAll(options);
    command.addAll(List.of("-cp", segue + ":" + TestJars.TESTS, CacheProbe.class.getName()));
    command.addAll(Arrays.asList(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().remove("JAVA_TOOL_OPTIONS");
    running.add(process.start());
    return running.getLast();
  }

  /** Lets the program start a worker. Returns its output, which is one line if all is well. */
  private static String probe(Process program) throws IOException {
    program.getOutputStream().write(LINE);
    program.getOutputStream().flush();
    return program.inputReader(StandardCharsets.UTF_8).readLine();
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (var files = Files.list(cache)) {
      return files.toList();
    }
  }

  private Path made() throws Exception {
    while (true) {
      for (var file : files()) {
        if (file.toString().endsWith(".aot")) {
          return file;
        }
      }
      Thread.sleep(20);
    }
  }

  /** Puts an archive in place, as an earlier program would have made it. */
  private Path giveArchive() throws IOException {
    Files.createDirectory(
        cache, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return Files.copy(archive, cache.resolve(archive.getFileName()));
  }

  @Test
  void workersUseTheArchiveOnceItIsMade() throws Exception {
    var program = program(List.of());
    assertThat(probe(program)).isEqualTo("false");
    assertThat(made()).isNotEmptyFile();
    assertThat(probe(program)).isEqualTo("true");
    assertThat(files()).containsExactly(made());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rwx------");
  }

  @Test
  void programsWithOtherOptionsForModulesHaveAnotherArchive() throws Exception {
    var plain = giveArchive();
    var options = List.of("--add-opens=java.base/java.lang=ALL-UNNAMED", "-ea", "-Xmx100m");
    var program = program(options);
    assertThat(probe(program)).isEqualTo("false");
    while (files().size() < 2 || !files().stream().allMatch(f -> f.toString().endsWith(".aot"))) {
      Thread.sleep(20);
    }
    assertThat(probe(program)).isEqualTo("true");
    assertThat(files()).contains(plain).hasSize(2);
  }

  @Test
  void aSmallHeapAndPlainOptionsDoWithTheSameArchive() throws Exception {
    giveArchive();
    var small = List.of("-Dprobe.heap=" + (8 << 20), "-esa");
    assertThat(probe(program(small, "-Dx=y", "-Xss2m"))).isEqualTo("true");
  }

  @Test
  void whatCannotUseTheArchiveIsNotGivenIt() throws Exception {
    giveArchive();
    // Not even if it could be used: it is unknown what an option does.
    assertThat(probe(program(List.of(), "-XX:+UseCompactObjectHeaders"))).isEqualTo("false");
    assertThat(probe(program(List.of("-Dprobe.heap=" + (40L << 30))))).isEqualTo("false");
  }

  @Test
  void aDamagedArchiveNeitherFailsAStartNorPrintsALine() throws Exception {
    Files.writeString(giveArchive(), "damaged");
    assertThat(probe(program(List.of()))).isEqualTo("false");
  }

  @Test
  void anEmptyFileSaysThatThereIsNoArchiveToBeHad() throws Exception {
    var made = giveArchive();
    Files.write(made, new byte[0]);
    var program = program(List.of());
    assertThat(probe(program)).isEqualTo("false");
    assertThat(probe(program)).isEqualTo("false");
    assertThat(made).isEmptyFile();
  }

  @Test
  void whereNoArchiveCanBeMadeAnEmptyFileIs() throws Exception {
    Files.createDirectory(cache);
    var file = cache.resolve("worker-1.aot");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var maker =
        new ProcessBuilder(
            java,
            "-cp",
            segue.toString(),
            StartupCacheMaker.class.getName(),
            file.toString(),
            "false");
    maker.environment().remove("JAVA_TOOL_OPTIONS");
    running.add(maker.inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE).start());
    running.getLast().waitFor();
    assertThat(file).isEmptyFile();
    assertThat(files()).containsExactly(file);
  }

  @Test
  void aMakerEndsWithItsParentAndLeavesNothing() throws Exception {
    var program = program(List.of());
    while (files().isEmpty()) {
      Thread.sleep(5);
    }
    program.destroyForcibly().waitFor();
    waitForMakers();
    assertThat(files()).allMatch(file -> file.toString().endsWith(".aot"));
  }

  @Test
  void aFolderThatOthersMayWriteIsNotUsed() throws Exception {
    giveArchive();
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(probe(program(List.of()))).isEqualTo("false");
  }

  @Test
  void offMeansNone() throws Exception {
    giveArchive();
    assertThat(probe(program(List.of("-Dsegue.process.cache=off")))).isEqualTo("false");
  }

  @Test
  void theNewestAreKept() throws Exception {
    Files.createDirectory(cache);
    var now = Instant.now();
    for (int i = 0; i < 8; i++) {
      var file = Files.createFile(cache.resolve("worker-" + i + ".aot"));
      Files.setLastModifiedTime(file, FileTime.from(now.minus(Duration.ofHours(i))));
    }
    for (var name : List.of("worker-1.aot.7.made", "worker-1.aot.8.recorded")) {
      Files.setLastModifiedTime(
          Files.createFile(cache.resolve(name)), FileTime.from(now.minus(Duration.ofHours(1))));
    }
    Files.createFile(cache.resolve("worker-1.aot.9.made"));
    Files.createFile(cache.resolve("somebody's"));
    StartupCacheMaker.sweep(cache);
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactlyInAnyOrder(
            "worker-0.aot",
            "worker-1.aot",
            "worker-2.aot",
            "worker-3.aot",
            "worker-4.aot",
            "worker-5.aot",
            "worker-1.aot.9.made",
            "somebody's");
  }
}
