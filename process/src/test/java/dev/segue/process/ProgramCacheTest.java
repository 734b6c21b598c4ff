package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The programs have Segue and themselves in a jar, because there is no archive for folders. */
@Timeout(180)
class ProgramCacheTest {
  private static final List<String> CACHE = List.of("-XX:AOTCache=/a.aot");

  @TempDir private static Path folder;

  @BeforeAll
  static void recordAProgram() throws Exception {
    TestJars.jar(
        folder.resolve("app.jar"), Map.of(), TestJars.FUTURES, TestJars.PROCESS, TestJars.TESTS);
    run(List.of("-XX:AOTCacheOutput=app.aot"));
  }

  /** Runs a {@link CacheProbe}; returns what it prints. */
  private static List<String> run(List<String> options, String... ofWorker) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:disable");
    command.addAll(options);
    command.addAll(List.of("-cp", "app.jar", CacheProbe.class.getName()));
    command.addAll(Arrays.asList(ofWorker));
    var process = new ProcessBuilder(command).directory(folder.toFile());
    process.environment().keySet().removeAll(UserOptions.VARIABLES);
    return WorkerCommandTest.run(process);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "a JVM's memory map is read")
  void workersUseTheArchiveOfTheProgram() throws Exception {
    assertThat(run(List.of("-XX:AOTCache=app.aot"))).containsExactly("true");
    assertThat(run(List.of())).containsExactly("false");
  }

  @Test
  void itHasWhatOnlyWorkersLoad() throws Exception {
    var log = folder.resolve("loaded.txt");
    var _ = run(List.of("-XX:AOTCache=app.aot"), "-Xlog:class+load:file=" + log);
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains("dev.segue.process.WorkerMain "))
        .singleElement()
        .asString()
        .contains("shared objects file");
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains(" dev.segue.") && line.contains("app.jar"))
        .allMatch(line -> line.matches(".*\\$\\d+ source.*")); // a switch over an enum has a class
  }

  private static List<String> given(List<String> ofThisJvm, String... ofWorkers) {
    var given = new GivenSettings();
    given.jvmArgs = List.of(ofWorkers);
    return options(given, ofThisJvm);
  }

  private static List<String> options(GivenSettings given, List<String> ofThisJvm) {
    var classes = ProgramClasses.of(ClassLoader.getSystemClassLoader());
    var settings = given.settings();
    return ProgramCache.options(settings, classes, ofThisJvm, new UserOptions(settings));
  }

  @Test
  void itsPathIsAbsolute() {
    assertThat(given(List.of("-XX:AOTCache=a.aot")))
        .containsExactly("-XX:AOTCache=" + Path.of("a.aot").toAbsolutePath());
    assertThat(given(List.of("-XX:SharedArchiveFile=/b.jsa:c.jsa")))
        .containsExactly("-XX:SharedArchiveFile=/b.jsa:" + Path.of("c.jsa").toAbsolutePath());
  }

  @Test
  void plainOptionsLetWorkersUseIt() {
    assertThat(given(CACHE, "-Dx=y", "-Xss2m", "-ea", "-Xlog:gc:stderr")).isEqualTo(CACHE);
  }

  @Test
  void workersThatMightNotFitDoWithoutIt() {
    assertThat(given(CACHE, "-XX:+UseCompactObjectHeaders")).isEmpty();
    assertThat(given(CACHE, "-XX:AOTCache=/their.own")).isEmpty();
    assertThat(given(List.of("-XX:AOTCache=/a.aot", "-XX:+UseZGC"))).isEmpty();
    assertThat(given(List.of("-XX:AOTCache=/a.aot", "-Xshare:off"))).isEmpty();
    var large = new GivenSettings();
    large.heap = 40L << 30;
    assertThat(options(large, CACHE)).isEmpty();
  }

  @Test
  void anotherClassPathIsAnotherProgram() {
    var given = new GivenSettings();
    var settings = given.settings();
    var classes = ProgramClasses.find(List.of(folder));
    assertThat(ProgramCache.options(settings, classes, CACHE, new UserOptions(settings))).isEmpty();
  }
}
