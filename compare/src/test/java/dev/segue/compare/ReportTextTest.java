package dev.segue.compare;

import static dev.segue.compare.Model.EVENT_LOOP;
import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Model.THREAD_POOL;
import static dev.segue.compare.Model.VIRTUAL_THREADS;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTextTest {
  private static final String RED = "\u001b[31m";

  private static Reports.Of waits() {
    return Reports.of(WAITS)
        .with(SYNC, 2_000)
        .with(THREADS, 30)
        .with(THREAD_POOL, 260)
        .with(VIRTUAL_THREADS, 24)
        .with(EVENT_LOOP, 26)
        .with(PROCESS_POOL, 280, 300, 500);
  }

  private static String plain(Report report) {
    return ReportText.of(report, false);
  }

  @Test
  void aTableHasTimesSpeedUpAndCosts() {
    assertThat(plain(waits().report()))
        .startsWith(
            """
            dev.example.Fetch  jobs=100 length=20ms
            8 workers, 5 repetitions, 4 processors, Temurin 25.0.3
            100 jobs, waiting 98 % of the time: median 20 ms, longest 22 ms, all 2 s
            limit: 22 ms, the time that the longest job takes

              model                   median      95 % interval   speed-up  of the limit
              one after the other        2 s     1.98 to 2.02 s     1.00 ×           1 %
              a thread for each job    30 ms    29.7 to 30.3 ms     66.7 ×          73 %
              thread pool             260 ms      257 to 263 ms     7.69 ×           8 %
            * virtual threads          24 ms    23.8 to 24.2 ms     83.3 ×          92 %
              event loop               26 ms    25.7 to 26.3 ms     76.9 ×          85 %
              process pool            280 ms      277 to 283 ms     7.14 ×           8 %

              a job's latency:          p50     p99     max     CPU threads  memory start-up
              one after the other       1 s   1.8 s     2 s   40 ms      20   60 MB    80 ms
              a thread for each job   15 ms   27 ms   30 ms  600 µs     112   60 MB    80 ms
              thread pool            130 ms  234 ms  260 ms  5.2 ms      20   60 MB    80 ms
            * virtual threads         12 ms 21.6 ms   24 ms  480 µs      20   60 MB    80 ms
              event loop              13 ms 23.4 ms   26 ms  520 µs      20   60 MB    80 ms
              process pool           140 ms  252 ms  280 ms  300 ms      20  500 MB    80 ms

            Take virtual threads: 24 ms,\
            """);
  }

  @Test
  void everythingFitsIntoEightyColumns() {
    var report =
        waits()
            .found(THREADS, Finding.Kind.MEMORY_GROWS, "MyJob.work(MyJob.java:12)")
            .found(
                new Finding(
                    EVENT_LOOP, Finding.Kind.STALL, "a job held the loop; ".repeat(9), null))
            .report();
    assertThat(plain(report).lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void aWrongModelIsRedInItsRowAndHasNoTimes() {
    var point = waits().found(THREAD_POOL, Finding.Kind.WRONG_RESULT, "MyJob.work(MyJob.java:12)");
    assertThat(plain(point.report()))
        .containsOnlyOnce("x thread pool            wrong result\n")
        .contains("\nthread pool: wrong result\n  wrong-result was found\n  at MyJob.work(MyJob.")
        .doesNotContain("260 ms");
    assertThat(ReportText.of(point.report(), true)).contains(RED + "x thread pool", RED + "thread");
  }

  @Test
  void aLineOfCodeThatAFindingNamesIsNotNamedAgain() {
    var at = "MyJob.work(MyJob.java:12)";
    var finding = new Finding(THREADS, Finding.Kind.WRONG_RESULT, "It is written at " + at, at);
    assertThat(plain(waits().found(finding).report())).containsOnlyOnce(at);
  }

  @Test
  void aModelThatCouldNotRunSaysWhy() {
    var point =
        Reports.of(WAITS)
            .with(SYNC, 2_000)
            .with(new ModelResult(PROCESS_POOL, 0, 0, true, List.of()))
            .found(PROCESS_POOL, Finding.Kind.NOT_SERIALIZABLE, null);
    assertThat(plain(point.report())).contains("x process pool           not serializable\n");
  }

  @Test
  void theHeadingNamesTheRate() {
    assertThat(plain(Reports.atRate(waits().report(), 12.5)))
        .contains("8 workers, 12.5 jobs a second, 5 repetitions, ");
    assertThat(plain(Reports.atRate(waits().report(), 1))).contains(", 1 job a second, ");
  }

  @Test
  void withoutSyncNothingIsSaidOfTheSpeedUp() {
    assertThat(plain(Reports.of(null).with(THREADS, 30).report()))
        .contains("a thread for each job")
        .doesNotContain("×", "limit:");
  }

  @Test
  void aSweepHasARowForEachValueWithTheBestMarked() {
    var one = Reports.of(WAITS).with(SYNC, 20).with(VIRTUAL_THREADS, 40).at("jobs", "1");
    var two =
        Reports.of(WAITS)
            .with(SYNC, 2_000)
            .with(VIRTUAL_THREADS, 24)
            .found(SYNC, Finding.Kind.JOB_FAILED, null)
            .at("jobs", "100");
    assertThat(plain(Reports.report(one, two)))
        .contains(
            """
              jobs             sync    virtual
              1              *20 ms      40 ms
              100                 x     *24 ms
            """)
        .startsWith("dev.example.Fetch  length=20ms\n")
        .contains("one after the other at jobs = 100: job failed\n");
  }

  private static Report endedEarly(Report.Point... points) {
    return new Report("x", Map.of(), 2, 0, Instant.EPOCH, Reports.MACHINE, false, List.of(points));
  }

  @Test
  void whatWasEndedEarlySaysSo() {
    var point =
        Reports.of(WAITS)
            .with(SYNC, 2_000)
            .with(new ModelResult(THREADS, 0, 0, true, List.of()))
            .point();
    assertThat(plain(endedEarly(point)))
        .contains("\nEnded early", "  a thread for each job  not measured\n", "1.00 ×");
  }

  @Test
  void whatWasEndedBeforeAnythingWasMeasuredComesToNothing() {
    var point = Reports.of(null).with(new ModelResult(SYNC, 0, 0, true, List.of())).point();
    assertThat(plain(endedEarly(point))).endsWith("\nNothing was measured.\n");
    assertThat(plain(endedEarly())).endsWith("\nNothing was measured.\n");
  }

  @Test
  void aSlowModelIsAFractionOfOneAfterTheOther() {
    var point =
        Reports.of(Reports.TINY).with(SYNC, 10).with(THREADS, 90).with(PROCESS_POOL, 25_000);
    assertThat(plain(point.report()))
        .containsPattern("thread for each job .* 0\\.11 × ")
        .containsPattern("process pool .* 1/2,500 × +<1 %");
  }

  @Test
  void coloursAreOnlyUsedIfAskedFor() {
    assertThat(plain(waits().report())).doesNotContain("\u001b");
    assertThat(ReportText.of(waits().report(), true))
        .contains("\u001b[32m* virtual threads", "\u001b[1mdev.example.Fetch");
  }

  @Test
  void linesAreBrokenAtBlanks() {
    assertThat(ReportText.wrap("one two three", 7)).containsExactly("one two", "three");
    assertThat(ReportText.wrap("a-word-that-is-long x", 5))
        .containsExactly("a-word-that-is-long", "x");
    assertThat(ReportText.wrap("", 5)).containsExactly("");
  }
}
