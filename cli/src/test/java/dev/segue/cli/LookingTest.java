package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands {@code segue ps}, {@code pstree} and {@code record}, on other JVMs. */
@Timeout(120)
class LookingTest {
  /** Longer than any JVM takes to answer on a busy machine. */
  private static final String PATIENCE = "--timeout=60s";

  private static final int TRIES = 10;

  @TempDir private Path folder;

  private static ChildJvm shop(String... arguments) throws Exception {
    var jvm = ChildJvm.of(Shop.class).arguments(arguments).start();
    jvm.await("open");
    return jvm;
  }

  private static Cli look(String command, ChildJvm jvm, String... options) {
    var arguments = new String[options.length + 3];
    arguments[0] = command;
    arguments[1] = String.valueOf(jvm.pid());
    arguments[2] = PATIENCE;
    System.arraycopy(options, 0, arguments, 3, options.length);
    return Cli.run(arguments);
  }

  /** The same, until it has places: on a busy machine 0.1 s is not enough for the stacks. */
  private static Cli lookForPlaces(
      String command, ChildJvm jvm, List<String> places, String... options) {
    for (int i = 1; ; i++) {
      var cli = look(command, jvm, options);
      var out = cli.out();
      if (i == TRIES
          || places.stream().allMatch(place -> Pattern.compile(place).matcher(out).find())) {
        return cli;
      }
    }
  }

  /** Runs a program that has no loop until it is killed. */
  static final class Plain {
    private Plain() {}

    public static void main(String... arguments) throws InterruptedException {
      IO.println("open");
      Thread.sleep(Duration.ofHours(1));
    }
  }

  /** Opens a shop once it is told to. */
  static final class LateShop {
    private LateShop() {}

    public static void main(String... arguments) throws IOException {
      IO.println("closed");
      ChildJvm.awaitAnswer();
      Shop.main();
    }
  }

  // --- what is shown

  @ParameterizedTest
  @ValueSource(strings = {"--stacks=some", "--attach"})
  void psShowsWhatEachTaskWaitsForAndWhere(String way) throws Exception {
    try (var jvm = shop()) {
      var cli = lookForPlaces("ps", jvm, List.of("Shop\\.serve\\(", "Shop\\.countMoney\\("), way);
      assertThat(cli.err()).isEmpty();
      assertThat(cli.out())
          .startsWith("loop 'shop' (")
          .containsPattern("1  main +waiting +\\d.* s  7 task\\(s\\) of a group +Shop\\.serve\\(")
          .containsPattern("clerk +waiting +\\S+ s  sleep, .* left +Shop\\.countMoney\\(Shop.java:")
          .containsPattern(
              "customer-5 +waiting +\\S+ s  lock-1 \\(held by task 'clerk', 5 waiting");
      assertThat(cli.exitCode()).isZero();
    }
  }

  @Test
  void psShowsAHeldLoopAndWhoHoldsIt() throws Exception {
    try (var jvm = shop("hold")) {
      var cli = look("ps", jvm, "--stacks=all");
      assertThat(cli.out())
          .containsPattern("ready +running")
          .containsPattern("at dev.segue.cli.Shop.compute\\(Shop.java:\\d+\\)")
          .doesNotContain("incomplete");
      assertThat(cli.exitCode()).isZero();
    }
  }

  @Test
  void psHasOneJsonDocumentInALine() throws Exception {
    try (var jvm = shop()) {
      var cli = look("ps", jvm, "--json");
      assertThat(cli.out())
          .hasLineCount(1)
          .startsWith("{\"pid\":" + jvm.pid() + ",\"loops\":[{\"name\":\"shop\",")
          .contains("\"name\":\"customer-1\",\"state\":\"waiting\",\"parent\":1,")
          .contains("\"kind\":\"lock\"");
    }
  }

  @Test
  void pstreeShowsGroupsWithAlikeTasksAsOneLine() throws Exception {
    try (var jvm = shop()) {
      var lines =
          lookForPlaces("pstree", jvm, List.of("Shop\\.countMoney\\(")).out().lines().toList();
      assertThat(lines.get(1)).startsWith("└─ main: waiting ");
      assertThat(lines)
          .anyMatch(line -> line.matches("   ├─ clerk: waiting .* in sleep, .*, at Shop\\..*"))
          .anyMatch(line -> line.matches("   ├─ customer-… ×5: waiting up to .* for lock-1 .*"));
    }
  }

  private static ChildJvm mill(String... arguments) throws Exception {
    var jvm = ChildJvm.of(Mill.class).arguments(arguments).start();
    jvm.await("open");
    return jvm;
  }

  @Test
  void pstreeShowsWhatATaskAwaitsBelowItAlsoIfItIsTheNextOfSeveral() throws Exception {
    try (var jvm = mill("loop")) {
      var lines =
          lookForPlaces(
                  "pstree",
                  jvm,
                  List.of("first: .* for an executor, ", "second: .* for an executor, "))
              .out()
              .lines()
              .toList();
      assertThat(lines.get(1)).startsWith("└─ main: waiting ").contains("the next of 2 task(s)");
      assertThat(lines)
          .anyMatch(line -> line.matches("   ├─ first: waiting .* for an executor, .*"))
          .anyMatch(line -> line.matches("   └─ second: waiting .* for an executor, .*"))
          .noneMatch(line -> line.contains("cycle"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ps", "pstree"})
  void poolsAreShownWithTheirWorkersAndWhatTheyRun(String command) throws Exception {
    try (var jvm = mill("loop")) {
      assertThat(look(command, jvm).out())
          .containsPattern("\n\nprocess pool 'pool-1': 1 worker, 2 queued\n")
          .containsPattern("\n  pool-1-worker-1  pid \\d+  busy \\S+ s with grind\n")
          .containsPattern(
              "\nthread pool 'java.util.concurrent.ThreadPoolExecutor': 1 thread, 1 busy, 1 queued")
          .containsPattern("\n  pool-1-thread-1  busy \\S+ s with first\n");
      assertThat(look(command, jvm, "--json").out())
          .contains("\"pools\":[{\"kind\":\"process\",\"name\":\"pool-1\",\"queued\":2,\"lost\":0,")
          .contains("\"state\":\"busy\",\"task\":\"grind\",\"seconds\":");
    }
  }

  @Test
  void aProcessWithAPoolAloneAnswersWhereItIsAttachedTo() throws Exception {
    try (var jvm = mill()) {
      var cli = look("ps", jvm, "--attach");
      assertThat(cli.err()).isEmpty();
      assertThat(cli.out()).startsWith("process pool 'pool-1': 1 worker, 2 queued\n");
      assertThat(cli.exitCode()).isZero();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessWithAPoolAloneIsCode6AndIsToldWhatToDo() throws Exception {
    try (var jvm = mill()) {
      assertRefused(look("ps", jvm), 6, ", only a process pool; --attach has it answer");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessWithAPoolAndWithoutCoreIsCode6AndIsToldWhy() throws Exception {
    try (var jvm = ChildJvm.of(Mill.class).classPath(classPathWithout("core")).start()) {
      jvm.await("open");
      assertRefused(
          look("ps", jvm, "--attach"),
          6,
          "has a process pool, but cannot answer without segue-core on its class path");
    }
  }

  private static String classPathWithout(String part) {
    return Arrays.stream(ChildJvm.testClassPath().split(":"))
        .filter(entry -> !entry.contains(part))
        .collect(Collectors.joining(":"));
  }

  @Test
  void aQuestionIsAnsweredOnceALoopBegins() throws Exception {
    try (var jvm = ChildJvm.start(LateShop.class)) {
      jvm.await("closed");
      var later =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  Thread.sleep(200); // so that it is asked first, mostly
                  jvm.answer();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      Cli cli;
      do { // a busy machine may take longer to start a loop than one waits for a first one
        cli = look("ps", jvm);
      } while (cli.exitCode() == 6);
      assertThat(cli.out()).startsWith("loop 'shop' (");
      later.join();
    }
  }

  @Test
  void watchGoesOnUntilTheProcessEnds() throws Exception {
    try (var jvm = shop()) {
      var watching =
          ChildJvm.of(Main.class)
              .arguments("ps", String.valueOf(jvm.pid()), PATIENCE, "--watch=10ms", "--json")
              .start();
      try (watching) {
        watching.await("\"loops\"");
        watching.await("\"loops\"");
        jvm.kill();
        assertThat(watching.exitCode()).isZero();
        assertThat(watching.output()).endsWith("process " + jvm.pid() + " has ended");
      }
    }
  }

  // --- recording

  @Test
  void recordWritesAPageThoughTheProgramHasNoRecorder() throws Exception {
    try (var jvm = ChildJvm.of(Shop.class).classPath(classPathWithout("inspect")).start()) {
      jvm.await("open");
      var page = folder.resolve("page.html");
      var cli = look("record", jvm, "300ms", "--out", page.toString());
      assertThat(cli.err()).isEmpty();
      assertThat(cli.out()).contains("Recording 1 loop of process", "Wrote " + page + ": 1 loop.");
      assertThat(page).content().startsWith("<!doctype html>").endsWith("</html>\n");
      assertThat(look("ps", jvm).exitCode()).isZero();
    }
  }

  @Test
  @DisabledWhereSigintIsIgnored
  void ctrlCEndsARecordingEarlyAndThePageIsWritten() throws Exception {
    try (var jvm = shop()) {
      var page = folder.resolve("page.html");
      var recording =
          ChildJvm.of(Main.class)
              .arguments("record", "" + jvm.pid(), "60m", PATIENCE, "--out", page.toString())
              .start();
      try (recording) {
        recording.await("Recording 1 loop");
        recording.signal("INT");
        assertThat(recording.output()).endsWith("Wrote " + page + ": 1 loop.");
        assertThat(recording.exitCode()).isZero();
      }
    }
  }

  @Test
  void aRecordingOfAProcessThatEndsSaysSo() throws Exception {
    try (var jvm = shop()) {
      var recording =
          ChildJvm.of(Main.class).arguments("record", "" + jvm.pid(), "60m", PATIENCE).start();
      try (recording) {
        recording.await("Recording 1 loop");
        jvm.kill();
        assertThat(recording.output()).endsWith("process " + jvm.pid() + " has ended");
        assertThat(recording.exitCode()).isEqualTo(3);
      }
    }
  }

  // --- what cannot be looked into

  private static void assertRefused(Cli cli, int exitCode, String message) {
    assertThat(cli.err()).startsWith("segue ps: ").contains(message).hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void aProcessThatHasEndedIsCode3() throws Exception {
    try (var jvm = ChildJvm.start(Plain.class)) {
      jvm.kill();
      assertRefused(look("ps", jvm), 3, "there is no process " + jvm.pid());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anotherUsersProcessIsCode4() throws Exception {
    long init = 1;
    var root = Files.getAttribute(Path.of("/proc/1"), "unix:uid");
    var self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!root.equals(self)) {
      assertRefused(Cli.run("ps", "" + init), 4, "process 1 belongs to the user ");
      return;
    }
    var nobody =
        new ProcessBuilder("setpriv", "--reuid=65534", "--clear-groups", "sleep", "1000").start();
    try {
      while (Files.getAttribute(Path.of("/proc/" + nobody.pid()), "unix:uid").equals(self)) {
        assertThat(nobody.isAlive()).isTrue();
        Thread.onSpinWait();
      }
      assertRefused(
          Cli.run("ps", "" + nobody.pid()), 4, "process " + nobody.pid() + " belongs to the user ");
    } finally {
      nobody.destroyForcibly();
    }
  }

  @Test
  void whatIsNotJavaIsCode5() throws Exception {
    var sleep = new ProcessBuilder("sleep", "1000").start();
    try {
      assertRefused(Cli.run("ps", "" + sleep.pid()), 5, "is not a Java process");
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessWithoutALoopIsCode6() throws Exception {
    try (var jvm = ChildJvm.start(Plain.class)) {
      jvm.await("open");
      assertRefused(look("ps", jvm), 6, "no event loop of Segue's runs in process " + jvm.pid());
    }
  }

  @Test
  void aProcessWithoutSegueThatIsAttachedToIsCode6() throws Exception {
    try (var jvm = ChildJvm.start(Plain.class)) {
      jvm.await("open");
      assertRefused(look("ps", jvm, "--attach"), 6, "no class of Segue's has been loaded");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--attach", "--json"})
  void aStoppedProcessIsCode7AndIsNotAttachedTo(String option) throws Exception {
    try (var jvm = shop()) {
      jvm.signal("STOP");
      Cli cli;
      do { // the signal is on its way
        cli = look("ps", jvm, option);
      } while (cli.exitCode() == 0);
      assertRefused(cli, 7, "is stopped; 'kill -CONT " + jvm.pid() + "' has it go on");
      jvm.signal("CONT");
      assertThat(look("ps", jvm).exitCode()).isZero();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessThatDoesNotAnswerIsCode8() throws Exception {
    try (var jvm = shop()) {
      // Its folder is another one: what is asked in this one, it does not see.
      var empty = Files.createDirectory(folder.resolve("f"));
      Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwx------"));
      try {
        Conversation.begin(new JavaProcess(jvm.pid()), empty, false, 50_000_000);
        throw new AssertionError("it has answered");
      } catch (Unreachable e) {
        assertThat(e.exitCode()).isEqualTo(8);
        assertThat(e.sentence()).contains("has not answered within 0.0 s; try --attach");
      }
      assertThat(empty).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwx----w-"})
  void aFolderThatOthersMayWriteToIsCode9(String permissions) throws Exception {
    try (var jvm = shop()) {
      var open = Files.createDirectory(folder.resolve("f"));
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));
      try {
        Conversation.begin(new JavaProcess(jvm.pid()), open, false, 1);
        throw new AssertionError("it has answered");
      } catch (Unreachable e) {
        assertThat(e.exitCode()).isEqualTo(9);
        assertThat(e.sentence()).contains("others may write to " + open);
      }
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    try (var jvm = shop()) {
      look("ps", jvm);
      look("ps", jvm, "--attach");
      try (var files = Files.list(JavaProcess.folder())) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .noneMatch(name -> name.startsWith(jvm.pid() + "."));
      }
    }
  }

  // --- the command line

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "ps                     | Missing required parameter: 'PID'",
        "ps x                   | 'x' is not a long",
        "ps -- -1               | PID must be positive, not -1",
        "ps 1 --stacks=few      | expected one of",
        "ps 1 --timeout=soon    | 'soon' is not a time such as 500ms, 10s or 2m",
        "ps 1 --watch=1h        | 'h' is not a unit: ms, s or m",
        "pstree 1 --timeout=0   | '0' is not a time such as 500ms, 10s or 2m",
        "record 1 --out /       | / is a folder",
        "record 1 --out /no/x   | cannot write to the folder /no",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var cli = Cli.run(arguments.split(" "));
    assertThat(cli.err()).startsWith("segue ").contains(message).hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ps", "pstree", "record"})
  void helpHasExamplesAndTheExitCodes(String command) {
    var cli = Cli.run(command, "--help");
    assertThat(cli.out())
        .contains("Examples:", "segue " + command + " 4711")
        .containsPattern("7 +the process is stopped")
        .containsPattern("10 +the process has answered with an error");
    assertThat(cli.exitCode()).isZero();
  }
}
