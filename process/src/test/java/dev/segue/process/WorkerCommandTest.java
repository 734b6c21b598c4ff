package dev.segue.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Unsafe;

class WorkerCommandTest {
  @TempDir Path folder;

  private final GivenSettings given = new GivenSettings();

  private List<String> ask(String... questions) throws Exception {
    var command = new WorkerCommand(given.settings(), WorkerProbe.class.getName());
    return run(command.newProcess(), questions);
  }

  /** The lines that a program prints, on either stream. */
  static List<String> run(ProcessBuilder process, String... args) throws Exception {
    process.command().addAll(Arrays.asList(args));
    var running =
        process
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    var lines =
        new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(running.waitFor()).as(String.join("\n", lines)).isZero();
    return lines;
  }

  @Test
  void aWorkerRunsTheSameJavaAndFindsTheSameClasses() throws Exception {
    assertThat(ask("property:java.home", "class:" + getClass().getName()))
        .containsExactly(System.getProperty("java.home"), getClass().getName());
  }

  @Test
  void optionsForModulesArePassedOn() throws Exception {
    // As argLine in the pom does for this JVM.
    assertThat(ask("opens:java.lang")).containsExactly("true");
  }

  @Test
  void ofTheSystemPropertiesOnlyTheNamedArePassedOn() throws Exception {
    System.setProperty("named", "a b");
    System.setProperty("unnamed", "c");
    given.systemProperties = List.of("named", "absent");
    assertThat(ask("property:named", "property:unnamed", "property:absent"))
        .containsExactly("a b", "null", "null");
  }

  @Test
  void localeAndTimeZoneAreThoseOfNow() throws Exception {
    var locale = Locale.getDefault();
    var format = Locale.getDefault(Locale.Category.FORMAT);
    var zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.of("de"));
      Locale.setDefault(Locale.Category.FORMAT, Locale.FRANCE);
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      given.environment.put("LC_ALL", "en_GB.UTF-8");
      assertThat(ask("locale", "zone")).containsExactly("de fr_FR", "Asia/Tokyo");
    } finally {
      Locale.setDefault(locale);
      Locale.setDefault(Locale.Category.FORMAT, format);
      TimeZone.setDefault(zone);
    }
  }

  @Test
  void aLocaleKeepsItsExtensions() throws Exception {
    var locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai-x-own"));
      assertThat(ask("locale"))
          .containsExactly(Locale.getDefault() + " " + Locale.getDefault(Locale.Category.FORMAT));
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void whatAWorkerPrintsIsUtf8WhateverTheLocale() throws Exception {
    System.setProperty("named", "Grüße, 世界");
    given.systemProperties = List.of("named");
    given.environment.put("LC_ALL", "C.UTF-8");
    assertThat(ask("property:named", "property:stdout.encoding"))
        .containsExactly("Grüße, 世界", "UTF-8");
  }

  @Test
  void optionsFromTheEnvironmentAreNotPassedOn() {
    var environment = new WorkerCommand(given.settings()).newProcess().environment();
    assertThat(environment)
        .doesNotContainKeys("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
        .containsKey("PATH");
  }

  @Test
  void environmentAndWorkingDirectoryAreAsGiven() throws Exception {
    given.environment.put("ADDED", "x");
    given.environment.put("HOME", null);
    given.workingDirectory = folder;
    assertThat(
            ask(
                "environment:ADDED",
                "environment:HOME",
                "folder",
                "class:dev.segue.process.WorkerProbe"))
        .containsExactly(
            "x", "null", folder.toRealPath().toString(), "dev.segue.process.WorkerProbe");
  }

  @Test
  void heapAndTheCallersOptionsComeLast() throws Exception {
    given.heap = 77 << 20;
    given.jvmArgs = List.of("-XX:+UseParallelGC", "-XX:-UseSerialGC");
    assertThat(ask("options").getFirst())
        .contains("-Xmx80740352")
        .contains("-XX:+UseParallelGC, -XX:-UseSerialGC]");
  }

  @Test
  void aWorkingDirectoryThatIsNoFolderIsRefused() {
    given.workingDirectory = folder.resolve("none");
    assertThatThrownBy(() -> new WorkerCommand(given.settings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.resolve("none").toString());
  }

  @Test
  void aClassPathEntryThatDoesNotExistIsRefused() {
    given.classPath = List.of(folder, folder.resolve("none.jar"));
    assertThatThrownBy(() -> new WorkerCommand(given.settings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(folder.resolve("none.jar").toString());
  }

  @Test
  void aClassPathThatIsTooLongForACommandIsRefused() {
    given.classPath = Collections.nCopies(131_000 / folder.toString().length(), folder);
    assertThatThrownBy(() -> new WorkerCommand(given.settings()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("131000")
        .hasMessageContaining("Class-Path");
  }

  /** Crashes the JVM, as damage by native code does. */
  static final class Crashes {
    @SuppressWarnings("removal")
    public static void main(String[] args) throws Exception {
      var field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      ((Unsafe) field.get(null)).putByte(0L, (byte) 0);
    }
  }

  /** Fills the heap. */
  static final class Fills {
    public static void main(String[] args) {
      var all = new ArrayList<byte[]>();
      while (true) {
        all.add(new byte[1 << 20]);
      }
    }
  }

  /**
   * Computes in a loop without calls, collects garbage meanwhile, and prints whether that had to
   * wait for the loop's end.
   */
  static final class Counts {
    static int sum;
    static volatile boolean ended;

    public static void main(String[] args) throws Exception {
      for (int i = 0; i < 20_000; i++) {
        sum += count(100);
      }
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            sum += count(500_000_000);
            ended = true;
          });
      var begin = System.nanoTime();
      long longest = 0;
      while (!ended) {
        var before = System.nanoTime();
        System.gc();
        longest = Math.max(longest, System.nanoTime() - before);
        Thread.sleep(10);
      }
      System.out.println(longest > (System.nanoTime() - begin) / 2 ? "held up" : "goes on");
      Runtime.getRuntime().halt(0);
    }

    private static int count(int n) {
      int s = 0;
      for (int i = 0; i < n; i++) {
        s += i * s + 7;
        s ^= s >>> 3;
      }
      return s;
    }
  }

  private Process start(Class<?> main) throws IOException {
    given.workingDirectory = folder;
    return new WorkerCommand(given.settings(), main.getName()).newProcess().start();
  }

  private static String all(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aCrashIsToldOnStandardErrorAndLeavesNoFile() throws Exception {
    given.jvmArgs = List.of("--sun-misc-unsafe-memory-access=allow");
    var worker = start(Crashes.class);
    assertThat(all(worker.getErrorStream())).contains("SIGSEGV", "Crashes.main");
    // Its summary goes to standard output too, and no option stops that.
    assertThat(all(worker.getInputStream()).lines()).allMatch(line -> line.startsWith("#"));
    assertThat(worker.waitFor()).isEqualTo(1); // it aborts only if it may dump core
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anExhaustedHeapEndsTheWorker() throws Exception {
    given.heap = 16 << 20;
    var worker = start(Fills.class);
    assertThat(all(worker.getErrorStream())).contains("OutOfMemoryError");
    assertThat(all(worker.getInputStream())).isEmpty();
    assertThat(worker.waitFor()).isEqualTo(3);
  }

  @Test
  void aLoopThatCountsHoldsNothingUp() throws Exception {
    var worker = start(Counts.class);
    // Without the option a collection takes as long as the loop, once that is compiled.
    assertThat(all(worker.getInputStream())).isEqualToIgnoringNewLines("goes on");
  }
}
