package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the user says about workers' JVMs wins. */
@Timeout(180)
class UserOptionsTest {
  @TempDir Path folder;

  private final GivenSettings given = new GivenSettings();

  /** The command of a worker. */
  private List<String> command(String... jvmArgs) {
    given.jvmArgs = List.of(jvmArgs);
    return new WorkerCommand(given.settings()).newProcess().command();
  }

  /** What a worker answers. */
  private List<String> ask(List<String> jvmArgs, String... questions) throws Exception {
    given.jvmArgs = jvmArgs;
    return WorkerCommandTest.run(
        new WorkerCommand(given.settings(), WorkerProbe.class.getName()).newProcess(), questions);
  }

  @Test
  void everyCollectorCanBeChosen() throws Exception {
    for (var flag : List.of("UseParallelGC", "UseG1GC", "UseZGC", "UseSerialGC")) {
      assertThat(ask(List.of("-XX:+" + flag), "flag:" + flag)).containsExactly("true");
    }
    var epsilon = List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC");
    assertThat(ask(epsilon, "flag:UseEpsilonGC")).containsExactly("true");
  }

  @Test
  void ourCollectorCanBeTurnedOff() throws Exception {
    assertThat(ask(List.of("-XX:-UseSerialGC"), "flag:UseSerialGC")).containsExactly("false");
  }

  @Test
  void turningAnotherCollectorOffLeavesOurs() throws Exception {
    assertThat(ask(List.of("-XX:-UseG1GC"), "flag:UseSerialGC")).containsExactly("true");
  }

  @Test
  void everyFlagOfOursCanBeSetOtherwise() throws Exception {
    assertThat(
            ask(
                List.of(
                    "-XX:PretenureSizeThreshold=1m",
                    "-XX:-UseCountedLoopSafepoints",
                    "-XX:-ExitOnOutOfMemoryError",
                    "-XX:+DisplayVMOutputToStdout",
                    "-XX:ErrorFile=crash.log",
                    "-XX:+UsePerfData",
                    "-Dstdout.encoding=ISO-8859-1",
                    "-Duser.language=fr",
                    "-Duser.timezone=Asia/Tokyo"),
                "flag:PretenureSizeThreshold",
                "flag:UseCountedLoopSafepoints",
                "flag:LoopStripMiningIter",
                "flag:ExitOnOutOfMemoryError",
                "flag:DisplayVMOutputToStderr",
                "flag:ErrorFileToStderr",
                "flag:UsePerfData",
                "property:stdout.encoding",
                "property:user.language",
                "zone"))
        .containsExactly(
            "1048576",
            "false",
            "0",
            "false",
            "false",
            "false",
            "true",
            "ISO-8859-1",
            "fr",
            "Asia/Tokyo");
  }

  @Test
  void anOptionOnTheSameSubjectLeavesOutOurs() {
    assertThat(command("-XX:LoopStripMiningIter=7"))
        .noneMatch(option -> option.contains("UseCountedLoopSafepoints"));
    assertThat(command("-XX:+PerfDataSaveToFile")).doesNotContain("-XX:-UsePerfData");
    assertThat(command("-XX:+CreateCoredumpOnCrash")).doesNotContain("-XX:-CreateCoredumpOnCrash");
    assertThat(command("-cp", "x.jar")).noneMatch(option -> option.startsWith("--class-path="));
  }

  @Test
  void archivesCanBeTurnedOff() throws Exception {
    assertThat(ask(List.of("-Xshare:off"), "flag:UseSerialGC")).containsExactly("true");
    assertThat(ask(List.of("-XX:AOTMode=off"), "flag:UseSerialGC")).containsExactly("true");
  }

  @Test
  void compilersCanBeChosen() throws Exception {
    assertThat(ask(List.of("-XX:TieredStopAtLevel=1"), "flag:TieredStopAtLevel"))
        .containsExactly("1");
    assertThat(ask(List.of("-Xint"), "property:java.vm.info"))
        .singleElement()
        .asString()
        .contains("interpreted");
  }

  @Test
  void aHeapOfTheirOwnReplacesThePools() throws Exception {
    given.heap = 64 << 20;
    assertThat(ask(List.of("-Xmx80m"), "flag:MaxHeapSize")).containsExactly("" + (80 << 20));
    assertThat(ask(List.of("-XX:MaxHeapSize=80m"), "flag:MaxHeapSize"))
        .containsExactly("" + (80 << 20));
    assertThat(command("-XX:MaxRAMPercentage=1")).noneMatch(option -> option.startsWith("-Xmx"));
  }

  @Test
  void whatIsLoggedAddsUp() throws Exception {
    var log = folder.resolve("gc.log");
    assertThat(command("-Xlog:gc:file=" + log)).contains("-Xlog:disable");
    var _ = ask(List.of("-Xlog:gc:file=" + log), "zone");
    assertThat(Files.readString(log)).contains("Using Serial");
  }

  @Test
  void optionsInTheEnvironmentCount() throws Exception {
    for (var variable : UserOptions.VARIABLES) {
      given.environment.clear();
      given.environment.put(
          variable,
          "-XX:+UseG1GC \"-Duser.language=fr\" -Xlog:gc:file=" + folder.resolve("gc.log"));
      given.heap = 64 << 20;
      assertThat(command())
          .doesNotContain("-XX:+UseSerialGC", "-Xlog:disable")
          .contains("-Xmx67108864");
      assertThat(ask(List.of(), "flag:UseG1GC", "property:user.language"))
          .as(variable)
          .endsWith("true", "fr");
    }
  }

  @Test
  void optionsInFilesCount() throws Exception {
    var arguments = folder.resolve("arguments");
    Files.writeString(arguments, "# -XX:-UsePerfData\n-Dx='a b'\n  -XX:+UseG1GC\n");
    assertThat(ask(List.of("@" + arguments), "flag:UseG1GC", "flag:UsePerfData"))
        .containsExactly("true", "false");
    var flags = Files.writeString(folder.resolve("flags"), "+UseParallelGC\n");
    assertThat(ask(List.of("-XX:Flags=" + flags), "flag:UseParallelGC")).containsExactly("true");
    var options = Files.writeString(folder.resolve("options"), "-XX:+UseParallelGC\n");
    assertThat(ask(List.of("-XX:VMOptionsFile=" + options), "flag:UseParallelGC"))
        .containsExactly("true");
  }

  @Test
  void aFileIsFoundInTheWorkersFolder() throws Exception {
    given.workingDirectory = folder;
    Files.writeString(folder.resolve("arguments"), "-XX:+UseG1GC");
    assertThat(ask(List.of("@arguments"), "flag:UseG1GC")).containsExactly("true");
  }

  @Test
  void optionsOfTheRunTimeImageCount() throws Exception {
    var bin = Path.of(System.getProperty("java.home"), "bin");
    var image = folder.resolve("image");
    var _ =
        WorkerCommandTest.run(
            new ProcessBuilder(bin.resolve("jlink").toString()),
            "--add-modules=jdk.management,jdk.net,jdk.unsupported",
            "--add-options=-XX:+UseParallelGC -Xlog:gc:file=" + folder.resolve("gc.log"),
            "--output=" + image);
    var program =
        new ProcessBuilder(
            image.resolve("bin/java").toString(),
            "-cp",
            String.join(":", TestJars.all().stream().map(Path::toString).toList()),
            LaunchProbe.class.getName());
    program.environment().keySet().removeAll(UserOptions.VARIABLES);
    assertThat(WorkerCommandTest.run(program, "flag:UseParallelGC", "options"))
        .contains("true")
        .last()
        .asString()
        .contains("-XX:-UsePerfData")
        .doesNotContain("-XX:+UseSerialGC", "-Xlog:disable");
  }
}
