package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.cluster.LocalCluster;
import dev.segue.compare.Finding;
import dev.segue.compare.ReportJson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands with {@code --master}, on a cluster that is there: one for all tests. */
@Timeout(300)
class CommandsOnAClusterTest {
  private static LocalCluster cluster;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    cluster = LocalCluster.start(2, 1, 1L << 30);
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private record Cli(int exitCode, String out, String err) {
    static Cli run(String... arguments) {
      var out = new StringWriter();
      var err = new StringWriter();
      int exitCode =
          Main.commandLine(new ExamplesCommand())
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(err, true))
              .execute(arguments);
      return new Cli(exitCode, out.toString(), err.toString());
    }
  }

  @Test
  void theExampleSortsOnNewExecutorsAndOnWarmOnes() {
    var cli = Cli.run("examples", "sort-cluster", "--scale=0.1", "--master", cluster.master());
    assertThat(cli.out().lines().toList())
        .hasSize(8)
        .first()
        .isEqualTo("sort-cluster: executors of a Spark cluster sort them");
    assertThat(cli.out())
        .contains("Again, on executors that are warm", "as expected: order of 4 lines")
        .containsSubsequence(
            ":MainThread:Starting Sorting", ":MainThread:Sorting Completed",
            ":MainThread:Starting Sorting", ":MainThread:Sorting Completed");
    assertThat(cli.exitCode()).isZero();
  }

  @Test
  void theBenchmarkMeasuresSparkAndTheProcessPoolToo() {
    var cli =
        Cli.run(
            "bench",
            "cluster",
            "round-trip",
            "at-once",
            "--rounds=1",
            "--scale=0.01",
            "--json",
            "--master",
            cluster.master());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .contains(
            "\"work\":\"round-trip\"",
            "\"segue\":{\"median\":",
            "\"spark-rdd\":{\"median\":",
            "\"spark-tasks\":{\"median\":",
            "\"process-pool\":{\"median\":",
            "\"bar\":\"≤ 1.2 × a one-task RDD job\"",
            "\"versions\":{\"Spark's RDD API\":\"4.")
        .hasLineCount(1);
    assertThat(cli.exitCode()).isEqualTo(cli.out().startsWith("{\"met\":true") ? 0 : 1);
  }

  @Test
  void aComparisonHasTheClusterAsAModelAndShowsWhatCannotTravel() throws Exception {
    var file = folder.resolve("MyJob.java");
    Files.writeString(
        file,
        """
        import dev.segue.compare.Parameters;
        import dev.segue.compare.Workload;
        import dev.segue.futures.SerializableCallable;
        import java.util.List;

        class MyJob implements Workload<Integer> {
          public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
            if (parameters.count("travels", 1) == 1) {
              return List.of(() -> 40 + 2, () -> 6 * 7);
            }
            var thread = Thread.currentThread();
            return List.of(() -> thread.isAlive() ? 42 : 0);
          }
        }
        """);
    var cli =
        Cli.run(
            "compare",
            file.toString(),
            "--models=sync",
            "--repetitions=1",
            "--warm-up=1ms",
            "--sweep=travels=1,2",
            "--json=-",
            "--master",
            cluster.master());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .contains("\"cluster\"", "\"memory_bytes\": 0")
        .contains("\"not-serializable\"")
        .contains("Job 1 of 1 cannot be sent to a cluster: ");
    assertThat(cli.exitCode()).isEqualTo(1);
  }

  /** The second of three jobs; the first and the third are to end as ever. */
  private Path misbehaving() throws Exception {
    return Files.writeString(
        folder.resolve("MyJob.java"),
        """
        import dev.segue.compare.Parameters;
        import dev.segue.compare.Workload;
        import dev.segue.futures.SerializableCallable;
        import java.util.List;

        class MyJob implements Workload<Integer> {
          public List<SerializableCallable<Integer>> jobs(Parameters parameters) {
            var how = parameters.text("how", "");
            return List.of(() -> 1, () -> misbehave(how), () -> 3);
          }

          static int misbehave(String how) throws Exception {
            return switch (how) {
              case "prints" -> {
                for (int i = 0; i < 10_000; i++) {
                  System.out.println("noise");
                  System.err.println("noise");
                }
                yield System.in.read();
              }
              case "throws" -> throw new IllegalStateException("on purpose");
              case "exits" -> {
                System.exit(7);
                yield 0;
              }
              case "hangs" -> {
                while (true) {
                  java.util.concurrent.locks.LockSupport.park();
                }
              }
              default -> new long[Integer.MAX_VALUE - 8].length;
            };
          }
        }
        """);
  }

  private List<Finding> findings(String sweep, String timeout) throws Exception {
    var cli =
        Cli.run(
            "compare",
            misbehaving().toString(),
            "--models=cluster",
            "--repetitions=1",
            "--warm-up=1ms",
            "--timeout=" + timeout,
            "--sweep=" + sweep,
            "--json=-",
            "--master",
            cluster.master());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.exitCode()).isEqualTo(1);
    return ReportJson.parse(cli.out()).points().stream()
        .flatMap(point -> point.findings().stream())
        .toList();
  }

  @Test
  void aJobThatThrowsOnTheClusterIsFoundAndOneThatPrintsDoesNoHarm() throws Exception {
    assertThat(findings("how=prints,throws", "2m"))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.kind()).isEqualTo(Finding.Kind.JOB_FAILED);
          assertThat(each.text()).startsWith("Job 2 of 3 threw ").contains("on purpose");
          assertThat(each.at()).startsWith("MyJob.misbehave(MyJob.java:");
        });
  }

  /** Spark tries each four times, on executors that have to start first. */
  @Test
  @Tag("long")
  void aJobThatEndsItsExecutorIsFoundAndTheNextValueIsMeasured() throws Exception {
    var found = findings("how=exits,fills,prints", "2m");
    assertThat(found)
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.JVM_ENDED, Finding.Kind.OUT_OF_MEMORY);
    assertThat(found).allMatch(each -> each.text().startsWith("Job 2 of 3 "));
    assertThat(found.getFirst().text()).contains("Command exited with code 7");
  }

  @Test
  void aJobThatHangsOnTheClusterIsStopped() throws Exception {
    assertThat(findings("how=hangs", "5s"))
        .singleElement()
        .satisfies(each -> {
          assertThat(each.kind()).isEqualTo(Finding.Kind.TIMED_OUT);
          assertThat(each.text()).startsWith("Job 2 of 3 did not end within 5s");
        });
  }

  @Test
  void aClusterThatIsNotThereIsSaidInOneLineWithinSeconds() {
    for (var command :
        List.of("examples sort-cluster", "bench cluster round-trip", "compare tiny")) {
      var cli = Cli.run((command + " --master spark://127.0.0.1:1").split(" "));
      assertThat(cli.err())
          .startsWith("segue ")
          .contains(": no master answers at spark://127.0.0.1:1 (")
          .hasLineCount(1);
      assertThat(cli.out()).isEmpty();
      assertThat(cli.exitCode()).isEqualTo(1);
    }
  }
}
