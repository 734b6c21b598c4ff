package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.compare.Model;
import dev.segue.compare.ReportJson;
import dev.segue.compare.workload.ReadyMade;
import dev.segue.fixtures.ChildJvm;
import dev.segue.fixtures.DisabledWhereSigintIsIgnored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code segue compare}, on workloads that take next to no time. */
@Timeout(120)
class CompareCommandTest {
  private static final String HEAD =
      """
      import dev.segue.compare.*;
      import dev.segue.futures.SerializableCallable;
      import java.util.*;
      """;

  @TempDir private Path folder;

  private static List<String> quick(String workload, String... more) {
    var arguments = new ArrayList<>(List.of("compare", workload));
    if (List.of(more).stream().noneMatch("--models"::equals)) {
      arguments.addAll(List.of("--models", "sync,virtual-threads"));
    }
    arguments.addAll(List.of("--repetitions", "2", "--warm-up", "1ms"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Cli compare(String workload, String... more) {
    return Cli.run(quick(workload, more).toArray(String[]::new));
  }

  private Path write(String name, String jobs) throws Exception {
    return Files.writeString(
        folder.resolve(name + ".java"),
        HEAD
            + """
            public class %s implements Workload<Integer> {
              static int runs;
              public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
                %s
              }
            }
            """
                .formatted(name, jobs));
  }

  // --- the command line

  @Test
  void helpNamesModelsWorkloadsAndExitCodes() {
    var cli = Cli.run("compare", "--help");
    for (var model : Model.values()) {
      assertThat(cli.out()).contains(model.id());
    }
    for (var workload : ReadyMade.values()) {
      assertThat(cli.out()).contains(workload.id());
    }
    assertThat(cli.out()).contains("segue compare --init MyJob", "//DEPS");
    assertThat(cli.out()).containsPattern("130 +interrupted by Ctrl-C");
    assertThat(cli.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void theReadyMadeAreListedWithTheirDefaults() {
    var cli = Cli.run("compare", "--list");
    assertThat(cli.out()).contains("http            jobs=50 length=5ms tail=8\n");
    assertThat(cli.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(cli.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`', // not an apostrophe, which values begin with
      value = {
        "                              | name a workload; '--list' explains those",
        "nothing                       | there is no workload 'nothing': it is neither",
        "No.java                       | there is no file No.java; 'segue compare --init No'",
        "pom.xml                       | pom.xml is not a Java source file",
        "http --models sync,actors     | 'actors' is none of sync, threads, thread-pool,",
        "http --workers 0              | --workers must be from 1 to 1000, not 0",
        "http --repetitions 5000       | --repetitions must be from 1 to 1000, not 5000",
        "http --rate -1                | --rate must be from 0 to 1000000000, not -1.0",
        "http --timeout 3x             | 'x' is not a unit: ms, s or m",
        "http -p jobs                  | should be in KEY=VALUE format",
        "http -p lenght=1ms            | -p: http has no 'lenght', but jobs, length, tail",
        "http --sweep size=1,2         | --sweep: http has no 'size', but jobs, length, tail, wor",
        "http --sweep jobs=2..1        | the range '2..1' must begin above 0 and end higher",
        "http --json - --csv -         | only one of --html, --svg, --json and --csv can be print",
        "http --svg - --html -         | only one of --html, --svg, --json and --csv can be print",
        "http --html /no/where.html    | --html: /no/where.html cannot be written",
        "http --csv src                | --csv: src cannot be written",
        "http --class-path no.jar      | --class-path: there is no no.jar",
        "http --baseline no.json       | --baseline: ",
        "--init 1st                    | --init: '1st' cannot be the name of a class",
      })
  void aWrongCommandLineIsOneClearLineAndExitsWith2(String arguments, String message) {
    var line = arguments == null ? "compare" : "compare " + arguments;
    var cli = Cli.run(line.split(" "));
    assertThat(cli.err()).startsWith("segue compare: ").contains(message).hasLineCount(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  // --- what is printed

  @Test
  void aTableHasEachModelItsFiguresAndTheReason() {
    var cli = compare("delays", "-p", "jobs=8", "-p", "length=20ms", "--workers=3");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .startsWith("delays  jobs=8 length=20ms\n3 workers, 2 repetitions, ")
        .contains("8 jobs, waiting ")
        .containsPattern("  one after the other +\\S+ m?s .* 1\\.00 ×")
        .containsPattern("[* ] virtual threads +\\S+ m?s .* \\d+\\.\\d+ ×")
        .containsPattern("a job's latency: +p50 +p99 +max +CPU +threads +memory +start-up")
        .doesNotContain("\u001b", "thread pool  ");
    assertThat(cli.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aSweepHasALineForEachValue() {
    var cli = compare("tiny", "--sweep", "jobs=2..4");
    assertThat(cli.out())
        .containsPattern("  jobs +sync +virtual\n")
        .containsPattern("\n  2 +\\S+ [mµn]?s")
        .containsPattern("\n  4 +\\S+ [mµn]?s");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aReportGoesToTheStandardOutputOrToFiles() {
    var page = folder.resolve("page.html");
    var csv = folder.resolve("out.csv");
    var picture = folder.resolve("out.svg");
    var cli =
        compare(
            "tiny",
            "--json",
            "-",
            "--csv",
            csv.toString(),
            "--html",
            page.toString(),
            "--svg",
            picture.toString());
    assertThat(cli.out()).startsWith("{").contains("\"tiny\"").endsWith("}\n");
    assertThat(csv).content().startsWith("workload,parameters,workers,").contains("tiny,jobs=2000");
    assertThat(page).content().startsWith("<!doctype html>");
    assertThat(picture).content().startsWith("<svg ");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aBaselineSaysWhatHasChanged() {
    var old = folder.resolve("old.json").toString();
    assertThat(compare("tiny", "--json", old).exitCode()).isZero();
    var cli = compare("tiny", "--baseline", old);
    assertThat(cli.out()).contains("Since " + old + ":\n", "virtual threads: ");
    assertThat(cli.exitCode()).isIn(0, CompareCommand.WORSE);
    assertThat(compare("counter-locked", "--baseline", old).err())
        .contains("--baseline: the two reports cannot be compared");
  }

  /** What goes through a pipe is that file, whatever else is to be said. */
  @ParameterizedTest
  @CsvSource({
    "--json, {, }",
    "--csv, workload, ''",
    "--html, <!doctype html>, </html>",
    "--svg, <svg, </svg>"
  })
  void whatIsPrintedInsteadOfTheTableIsAlone(String option, String first, String last) {
    var old = folder.resolve("old.json").toString();
    assertThat(compare("tiny", "-p", "jobs=9", "--json", old).exitCode()).isZero();
    var cli = compare("tiny", "-p", "jobs=9", option, "-", "--baseline", old);
    assertThat(cli.out().strip()).startsWith(first).endsWith(last.strip());
    assertThat(cli.out()).doesNotContain("Since ");
    assertThat(cli.err()).startsWith("Since " + old + ":\n").contains("virtual threads: ");
    assertThat(cli.exitCode()).isIn(0, CompareCommand.WORSE);
    if (option.equals("--json")) {
      assertThat(ReportJson.parse(cli.out()).workload()).isEqualTo("tiny");
    }
  }

  // --- users' files

  @Test
  void aFileOfTheUsersIsCompared() throws Exception {
    var file = write("MyJob", "return List.of(() -> 1, () -> 2);");
    var cli = compare(file.toString());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).startsWith("MyJob  \n".strip());
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void theTemplateIsComparedUnderEveryModel() throws Exception {
    var written =
        ChildJvm.of(Main.class)
            .before("env", "-C", folder.toString())
            .arguments("compare", "--init", "MyJob")
            .start();
    assertThat(written.output()).isEqualTo("Wrote MyJob.java; 'segue compare MyJob.java' runs it.");
    var file = folder.resolve("MyJob.java").toString();
    var cli = compare(file, "--models", String.join(",", new CompareCommand.ModelIds()));
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).contains("process pool").doesNotContain("  x ");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void aWrongResultIsShownInItsRowAndExitsWith1() throws Exception {
    var file = write("MyJob", "return List.of(() -> Thread.currentThread().isVirtual() ? 1 : 2);");
    var cli = compare(file.toString());
    assertThat(cli.out())
        .containsPattern("x virtual threads +wrong result")
        .contains("\nvirtual threads: wrong result\n");
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  @Test
  void aMistakeInAParameterIsSaidBeforeAnythingIsMeasured() throws Exception {
    var file = write("MyJob", "parameters.count(\"jobs\", 1); return List.of(() -> 1);");
    var cli = compare(file.toString(), "-p", "jbos=3");
    assertThat(cli.err()).startsWith("segue compare: ").contains("jbos").hasLineCount(1);
    assertThat(cli.exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return 1;                                  | MyJob.java:7: error: incompatible types",
        "throw new IllegalStateException(\"no such\"); | no such",
        "return List.of();                          | ",
        "return null;                               | ",
        "parameters.count(\"jobs\", 1 / 0); return null; | / by zero",
      })
  void anErrorInTheFileIsNoStackTraceOfOurs(String jobs, String message) throws Exception {
    var cli = compare(write("MyJob", jobs).toString());
    assertThat(cli.err())
        .startsWith("segue compare: ")
        .contains(message == null ? "" : message)
        .doesNotContain("\tat ");
    assertThat(cli.exitCode()).isIn(1, 2);
  }

  /** With a folder for temporary files that is looked into afterwards. */
  private ChildJvm.Launch launch(String... arguments) throws Exception {
    var temporary = Files.createDirectories(folder.resolve("tmp"));
    return ChildJvm.of(Main.class).options("-Djava.io.tmpdir=" + temporary).arguments(arguments);
  }

  @Test
  void nothingIsLeftOfAFileThatDoesNotCompile() throws Exception {
    var file = write("MyJob", "return 1;");
    try (var jvm = launch("compare", file.toString()).start()) {
      assertThat(jvm.exitCode()).isEqualTo(2);
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  // --- Ctrl-C

  @Test
  @DisabledWhereSigintIsIgnored
  void ctrlCPrintsWhatWasMeasuredAndLeavesNothing() throws Exception {
    try (var jvm = launchWhatHangs()) {
      var children = jvm.handle().descendants().toList();
      assertThat(children).isNotEmpty();
      jvm.signal("INT");
      assertThat(jvm.output()).contains("Ended early").doesNotContain("\tat ");
      assertThat(jvm.exitCode()).isEqualTo(130);
      children.forEach(child -> child.onExit().join());
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  /** Under virtual threads, and returns when it does. */
  private ChildJvm launchWhatHangs(String... more) throws Exception {
    var begun = folder.resolve("begun");
    var file =
        write(
            "MyJob",
            """
            return List.of(() -> {
              if (Thread.currentThread().isVirtual()) {
                java.nio.file.Files.createTempFile("a", "job's");
                java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), "");
                Thread.sleep(3_600_000);
              }
              return 1;
            });
            """
                .formatted(begun));
    var arguments = new ArrayList<>(List.of("--timeout", "60m"));
    arguments.addAll(List.of(more));
    var jvm =
        launch(quick(file.toString(), arguments.toArray(String[]::new)).toArray(String[]::new))
            .start();
    while (Files.notExists(begun)) {
      Thread.sleep(10);
      assertThat(jvm.handle().isAlive()).isTrue();
    }
    return jvm;
  }

  /** The second Ctrl-C halts the JVM at once, as a kill does. */
  @ParameterizedTest
  @ValueSource(strings = {"INT INT", "KILL", "TERM"})
  @DisabledWhereSigintIsIgnored
  void whateverEndsItNoFileAndNoProcessIsLeft(String signals) throws Exception {
    try (var jvm = launchWhatHangs("--models", "sync,virtual-threads,process-pool")) {
      var children = jvm.handle().descendants().toList();
      for (var signal : signals.split(" ")) {
        jvm.signal(signal);
      }
      jvm.exitCode();
      children.forEach(child -> child.onExit().join());
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void nothingIsLeftOfWhatWasRecorded() throws Exception {
    var page = folder.resolve("page.html").toString();
    var arguments = quick("tiny", "-p", "jobs=2", "--models", "threads", "--html", page);
    try (var jvm = launch(arguments.toArray(String[]::new)).start()) {
      assertThat(jvm.exitCode()).isZero();
    }
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
  }
}
