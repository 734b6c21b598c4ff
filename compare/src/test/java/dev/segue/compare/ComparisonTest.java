package dev.segue.compare;

import static dev.segue.compare.Watched.finding;
import static dev.segue.compare.Watched.kinds;
import static dev.segue.compare.Watched.result;
import static dev.segue.compare.Watched.wall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.Finding.Kind;
import dev.segue.inspect.RecordingFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jobs.Jobs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whole runs on small workloads with known answers. */
class ComparisonTest {
  private static final long MS = 1_000_000;

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class JobsThatWait {
    private final Watched watched = Watched.of(Jobs.Waits.class).with("delay", "50ms").recorded();
    private Report report;
    private Report.Point point;

    @BeforeAll
    void run() throws Exception {
      report = watched.run();
      point = report.points().getFirst();
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void everyModelRunsThem(Model model) {
      var result = result(point, model);
      assertThat(result.repetitions()).hasSize(2);
      assertThat(result.warmUps()).isEqualTo(1);
      assertThat(result.startUp()).isPositive();
      assertThat(kinds(point, model)).noneMatch(Kind::isWrong);
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void eachRepetitionIsMeasured(Model model) {
      for (var repetition : result(point, model).repetitions()) {
        assertThat(repetition.wall()).isGreaterThanOrEqualTo(50 * MS);
        assertThat(repetition.processor()).isPositive();
        assertThat(repetition.p50()).isBetween(49 * MS, repetition.max());
        assertThat(repetition.p99()).isBetween(repetition.p50(), repetition.max());
        assertThat(repetition.memory()).isGreaterThan(10 << 20);
        assertThat(repetition.threads()).isPositive();
      }
    }

    @Test
    void oneAfterTheOtherTakesTheSum() {
      assertThat(wall(point, Model.SYNC)).isGreaterThanOrEqualTo(8 * 50 * MS);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "VIRTUAL_THREADS", "EVENT_LOOP"})
    void allAtATimeTakesMuchLess(Model model) {
      assertThat(wall(point, model)).isLessThan(wall(point, Model.SYNC) / 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD_POOL", "PROCESS_POOL"})
    void aPoolOfTwoRunsTwoAtATime(Model model) {
      assertThat(wall(point, model))
          .isGreaterThanOrEqualTo(4 * 50 * MS)
          .isLessThan(wall(point, Model.SYNC));
    }

    @Test
    void aThreadForEachJobIsCounted() {
      int one = result(point, Model.SYNC).repetitions().getFirst().threads();
      int each = result(point, Model.THREADS).repetitions().getFirst().threads();
      assertThat(each).isGreaterThanOrEqualTo(one + 4); // some are the JVM's own, and vary
    }

    @Test
    void theMemoryOfWorkersIsCounted() {
      long one = result(point, Model.SYNC).repetitions().getFirst().memory();
      long all = result(point, Model.PROCESS_POOL).repetitions().getFirst().memory();
      assertThat(all).isGreaterThan(one * 3 / 2);
    }

    @Test
    void theProfileSaysWhatTheyAreLike() {
      var profile = point.profile();
      assertThat(profile.jobs()).isEqualTo(8);
      assertThat(profile.waiting()).isGreaterThan(0.5);
      assertThat(profile.median()).isGreaterThanOrEqualTo(50 * MS);
      assertThat(profile.longest()).isGreaterThanOrEqualTo(profile.median());
      assertThat(profile.total()).isGreaterThanOrEqualTo(8 * 50 * MS);
      assertThat(profile.bytes()).isBetween(100L, 10_000L);
    }

    @Test
    void theReportSaysWithWhichParameters() {
      assertThat(report.parameters()).isEqualTo(Map.of("delay", "50ms", "jobs", "8"));
      assertThat(report.workload()).isEqualTo("jobs.Jobs$Waits");
      assertThat(point.swept()).isNull();
      assertThat(report.machine().processors()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void eachRepetitionThatCountsIsTold(Model model) {
      assertThat(watched.measured).filteredOn(model::equals).hasSize(2);
    }

    @Test
    void theProgressOnlyGrows() {
      assertThat(watched.done).isSorted();
      assertThat(watched.done.getLast()).isBetween(0.5, 1.0);
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void theRecordingOfEachModelBeginsWithTheFirstJob(Model model, @TempDir Path folder)
        throws Exception {
      var file = Files.write(folder.resolve("one.segue"), point.recordings().get(model));
      var recording = RecordingFile.read(file);
      assertThat(recording.length().toNanos()).isGreaterThanOrEqualTo(50 * MS);
      var waits =
          switch (model) {
            case SYNC, THREADS, THREAD_POOL ->
                recording.threads().stream()
                    .flatMap(thread -> thread.spans().stream())
                    .filter(span -> span.doing().contains("Thread.sleep"))
                    .filter(span -> span.to() - span.from() > MS) // no lock that a sleep takes
                    .map(span -> new long[] {span.from(), span.to()})
                    .toList();
            case EVENT_LOOP ->
                recording.loops().getFirst().spans().stream()
                    .filter(span -> span.waitsFor() != null)
                    .map(span -> new long[] {span.from(), span.to()})
                    .toList();
            case VIRTUAL_THREADS, PROCESS_POOL, CLUSTER ->
                recording.pools().getFirst().tasks().stream()
                    .map(task -> new long[] {task.began(), task.ended()})
                    .toList();
          };
      assertThat(waits).hasSize(8);
      assertThat(waits)
          .allSatisfy(wait -> {
            assertThat(wait[0]).isGreaterThanOrEqualTo(0);
            assertThat(wait[1] - wait[0]).isGreaterThan(40 * MS);
            assertThat(wait[1]).isLessThanOrEqualTo(recording.length().toNanos());
          });
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class JobsThatShareACounter {
    private Report report;

    @BeforeAll
    void run() throws Exception {
      report = Watched.of(Jobs.Races.class).repetitions(1).sweep("locked", "no", "yes").run();
    }

    @Test
    void eachValueHasAPoint() {
      assertThat(report.points()).extracting(Report.Point::swept).containsOnly("locked");
      assertThat(report.points()).extracting(Report.Point::value).containsExactly("no", "yes");
    }

    @ParameterizedTest
    @EnumSource(
        mode = Mode.EXCLUDE,
        names = {"SYNC", "CLUSTER"})
    void withoutALockUpdatesAreLost(Model model) {
      var finding = finding(report.points().getFirst(), model, Kind.WRONG_RESULT);
      assertThat(finding.text()).startsWith("What the jobs left behind was ").contains("it is 5");
    }

    @ParameterizedTest
    @EnumSource(names = {"THREADS", "THREAD_POOL", "VIRTUAL_THREADS", "EVENT_LOOP"})
    void theFindingNamesTheFieldAndTheLines(Model model) {
      var finding = finding(report.points().getFirst(), model, Kind.WRONG_RESULT);
      var line = "at Jobs\\.Races\\.increase\\(Jobs\\.java:\\d+\\)";
      assertThat(finding.text())
          .containsPattern(
              "watched, Races\\.counter lost at least \\d updates?: one job read it %s, another wrote it %s, and then the first wrote it %s\\."
                  .formatted(line, line, line));
      assertThat(finding.at()).startsWith("Jobs.Races.increase(Jobs.java:");
    }

    @Test
    void theFindingSaysWhyItHappensUnderThatModel() {
      var point = report.points().getFirst();
      assertThat(finding(point, Model.THREADS, Kind.WRONG_RESULT).text()).contains("lock");
      assertThat(finding(point, Model.PROCESS_POOL, Kind.WRONG_RESULT).text())
          .contains("was 0")
          .contains("memory of its own");
    }

    @Test
    void withALockOnlyProcessesLoseThem() {
      assertThat(report.points().getLast().findings())
          .filteredOn(finding -> finding.kind().isWrong())
          .extracting(Finding::model)
          .containsOnly(Model.PROCESS_POOL);
    }

    @Test
    void wrongResultsAreMeasuredAllTheSame() {
      assertThat(result(report.points().getFirst(), Model.THREADS).repetitions()).hasSize(1);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  class AJobThatMisbehaves {
    private final List<Report.Point> points = new ArrayList<>();

    @BeforeAll
    void run() throws Exception {
      for (var hangs : List.of(false, true)) {
        var watched =
            Watched.of(Jobs.Misbehaves.class)
                .repetitions(1)
                .timeout(Duration.ofSeconds(hangs ? 2 : 4));
        points.addAll(
            (hangs
                    ? watched.sweep("how", "hangs")
                    : watched.sweep("how", "prints", "throws", "exits", "fills"))
                .run()
                .points());
      }
    }

    private Report.Point how(String value) {
      return points.stream().filter(point -> value.equals(point.value())).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void byPrintingAndReadingDoesNoHarm(Model model) {
      var point = how("prints");
      assertThat(kinds(point, model)).noneMatch(Kind::isWrong);
      assertThat(result(point, model).repetitions()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void byThrowingIsFoundWithTheLine(Model model) {
      var finding = finding(how("throws"), model, Kind.JOB_FAILED);
      assertThat(finding.text())
          .isEqualTo("Job 2 of 3 threw java.lang.IllegalStateException: on purpose.");
      assertThat(finding.at()).startsWith("Jobs.Misbehaves.misbehave(Jobs.java:");
      assertThat(result(how("throws"), model).repetitions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void byEndingItsJvmIsFound(Model model) {
      var finding = finding(how("exits"), model, Kind.JVM_ENDED);
      assertThat(finding.text()).startsWith("Job 2 of 3 ended its ").contains("exit code 7");
      assertThat(finding.at() == null).isEqualTo(model == Model.PROCESS_POOL);
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void byFillingTheHeapIsFound(Model model) {
      assertThat(kinds(how("fills"), model)).containsExactly(Kind.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @EnumSource(names = "CLUSTER", mode = Mode.EXCLUDE)
    void byHangingIsFoundAndStoppedWherePossible(Model model) {
      if (model == Model.PROCESS_POOL) {
        assertThat(finding(how("hangs"), model, Kind.TIMED_OUT).text())
            .startsWith("Job 2 of 3 did not end within 2s");
      } else {
        var finding = finding(how("hangs"), model, Kind.UNSTOPPABLE);
        assertThat(finding.text()).startsWith("Job 2 of 3 did not end within 2s");
        assertThat(finding.at()).startsWith("Jobs.Misbehaves.misbehave(Jobs.java:");
      }
    }
  }

  @Test
  void aJobThatHoldsTheLoopIsFoundWithTheLine() throws Exception {
    var report =
        Watched.of(Jobs.Hogs.class).models(Model.THREADS, Model.EVENT_LOOP).repetitions(3).run();
    var point = report.points().getFirst();
    var stall = finding(point, Model.EVENT_LOOP, Kind.STALL);
    assertThat(stall.at()).startsWith("Jobs.Hogs.hog(Jobs.java:");
    assertThat(stall.text()).startsWith("A job held the loop for ");
    assertThat(kinds(point, Model.THREADS)).isEmpty();
  }

  @Test
  void aJobThatLeaksIsFoundInThisJvmAndInWorkers() throws Exception {
    var report =
        Watched.of(Jobs.Leaks.class).models(Model.SYNC, Model.PROCESS_POOL).repetitions(8).run();
    var point = report.points().getFirst();
    assertThat(kinds(point, Model.SYNC)).contains(Kind.MEMORY_GROWS);
    assertThat(kinds(point, Model.PROCESS_POOL)).contains(Kind.MEMORY_GROWS);
  }

  @Test
  void jobsThatKeepNothingDoNotGrow() throws Exception {
    var report = Watched.of(Jobs.Computes.class).models(Model.SYNC).repetitions(10).run();
    var point = report.points().getFirst();
    assertThat(kinds(point, Model.SYNC)).doesNotContain(Kind.MEMORY_GROWS);
    assertThat(point.profile().waiting()).isLessThan(0.5);
  }

  @Test
  void aJobThatIsNotSerializableIsOutOfProcessesAlone() throws Exception {
    var watched = Watched.of(Jobs.Unserializable.class).models(Model.SYNC, Model.PROCESS_POOL);
    var point = watched.run().points().getFirst();
    assertThat(finding(point, Model.PROCESS_POOL, Kind.NOT_SERIALIZABLE).text())
        .startsWith("Job 1 of 3 cannot be sent to a worker process: java.lang.Thread is not");
    assertThat(result(point, Model.SYNC).repetitions()).hasSize(2);
    assertThat(point.profile().bytes()).isZero();
    assertThat(watched.found).isEqualTo(point.findings());
  }

  @Test
  void aResultThatIsNotSerializableIsOutOfProcessesAloneAndNotCompared() throws Exception {
    var point =
        Watched.of(Jobs.UnserializableResult.class)
            .models(Model.SYNC, Model.PROCESS_POOL)
            .run()
            .points()
            .getFirst();
    assertThat(kinds(point, Model.PROCESS_POOL)).containsExactly(Kind.NOT_SERIALIZABLE);
    assertThat(kinds(point, Model.SYNC)).containsExactly(Kind.NOT_COMPARED);
  }

  @Test
  void aWrongResultIsFoundWithItsJob() throws Exception {
    var point =
        Watched.of(Jobs.Numbers.class)
            .models(Model.SYNC, Model.PROCESS_POOL)
            .run()
            .points()
            .getFirst();
    assertThat(finding(point, Model.PROCESS_POOL, Kind.WRONG_RESULT).text())
        .matches(
            "The result of job \\d of 4 was \\d+, and one after the other it is \\d\\. .*"
                + " Wrong in [123] of 3 repetitions, warm-up included\\.");
    assertThat(kinds(point, Model.SYNC)).isEmpty();
  }

  @Test
  void timesThatRiseAreFound() throws Exception {
    var point =
        Watched.of(Jobs.Slows.class).models(Model.SYNC).repetitions(8).run().points().getFirst();
    assertThat(finding(point, Model.SYNC, Kind.NOT_STEADY).text())
        .startsWith("Its times still rose");
    assertThat(result(point, Model.SYNC).steady()).isFalse();
  }

  @Test
  void aJvmThatCannotStartEndsTheRunAndSaysWhatItPrinted() {
    var watched = Watched.of(Jobs.Waits.class);
    var comparison = new Comparison(watched.plan(), watched, List.of("-XX:+NoSuchOption"));
    assertThatThrownBy(comparison::run)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot start a JVM: it ended with exit code 1: ")
        .hasMessageContaining("NoSuchOption");
    Watched.assertNothingIsLeft();
  }

  @Test
  void resultsThatVaryByThemselvesAreNotWrong() throws Exception {
    var point =
        Watched.of(Jobs.Varies.class).models(Model.SYNC, Model.THREADS).run().points().getFirst();
    assertThat(kinds(point, Model.SYNC)).containsExactly(Kind.NOT_COMPARED);
    assertThat(kinds(point, Model.THREADS)).isEmpty();
  }

  @Test
  void jobsThatWaitForEachOtherAreComparedWithoutTheFirstModel() throws Exception {
    var point =
        Watched.of(Jobs.Rendezvous.class)
            .models(Model.SYNC, Model.THREADS, Model.VIRTUAL_THREADS)
            .timeout(Duration.ofSeconds(3))
            .run()
            .points()
            .getFirst();
    assertThat(kinds(point, Model.SYNC)).containsExactly(Kind.UNSTOPPABLE);
    assertThat(point.profile()).isNull();
    assertThat(result(point, Model.VIRTUAL_THREADS).repetitions()).hasSize(2);
  }

  @Test
  void atARateJobsComeOneByOne() throws Exception {
    var point =
        Watched.of(Jobs.Waits.class)
            .models(Model.VIRTUAL_THREADS, Model.EVENT_LOOP)
            .with("delay", "1ms")
            .rate(50)
            .repetitions(1)
            .run()
            .points()
            .getFirst();
    for (var model : EnumSet.of(Model.VIRTUAL_THREADS, Model.EVENT_LOOP)) {
      assertThat(wall(point, model)).isGreaterThanOrEqualTo(7 * 20 * MS); // the last is due then
      assertThat(result(point, model).repetitions().getFirst().p50()).isLessThan(7 * 20 * MS);
    }
  }

  @Test
  void theNumberOfWorkersCanBeVaried() throws Exception {
    var report =
        Watched.of(Jobs.Waits.class)
            .models(Model.THREAD_POOL)
            .repetitions(1)
            .sweep("workers", "1", "8")
            .run();
    assertThat(wall(report.points().getFirst(), Model.THREAD_POOL))
        .isGreaterThanOrEqualTo(8 * 20 * MS);
    assertThat(wall(report.points().getLast(), Model.THREAD_POOL))
        .isLessThan(wall(report.points().getFirst(), Model.THREAD_POOL));
  }

  @Nested
  class AWorkloadWithoutJobsIsRefused {
    private void refused(Watched watched, String message) {
      assertThatThrownBy(watched.models(Model.SYNC)::run)
          .isInstanceOf(WorkloadException.class)
          .hasMessageContaining(message);
      Watched.assertNothingIsLeft();
    }

    @Test
    void becauseItsClassIsMissing() {
      refused(Watched.named("jobs.Missing"), "there is no class jobs.Missing");
    }

    @Test
    void becauseItIsNone() {
      refused(Watched.named("java.lang.String"), "java.lang.String does not implement");
    }

    @Test
    void becauseItsConstructorIsHidden() {
      refused(Watched.of(Jobs.Hidden.class), "the constructor of jobs.Jobs$Hidden is private");
    }

    @Test
    void becauseItGivesNone() {
      refused(Watched.of(Jobs.None.class), "jobs gave no job");
    }

    @Test
    void becauseItThrows() {
      refused(
          Watched.of(Jobs.Fails.class),
          "jobs threw java.lang.IllegalStateException: no data at Jobs.Fails.jobs(Jobs.java:");
    }

    @Test
    void becauseItDoesNotKnowAParameter() {
      refused(
          Watched.of(Jobs.Waits.class).with("dealy", "1ms"),
          "it has no parameter dealy; it has delay, jobs");
    }

    @Test
    void becauseAValueOfTheSweepIsWrong() {
      refused(
          Watched.of(Jobs.Waits.class).sweep("jobs", "1", "none"),
          "parameter jobs must be a positive whole number, not 'none'");
    }
  }

  @Test
  void aPlanWithoutAnythingToCompareIsRefused() {
    var plan =
        new Plan(
            "jobs.Jobs$Waits",
            List.of(),
            Map.of(),
            Set.of(),
            1,
            1,
            Duration.ZERO,
            Duration.ofSeconds(1),
            0,
            null,
            false);
    assertThatThrownBy(() -> new Comparison(plan, Watched.named("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("models must not be empty");
  }
}
