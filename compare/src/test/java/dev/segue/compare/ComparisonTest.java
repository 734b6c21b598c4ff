package dev.segue.compare;

import static dev.segue.compare.Watched.finding;
import static dev.segue.compare.Watched.kinds;
import static dev.segue.compare.Watched.result;
import static dev.segue.compare.Watched.wall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.Finding.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jobs.Jobs;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Whole runs on small workloads with known answers. */
class ComparisonTest {
  private static final long MS = 1_000_000;

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
    var allAtATime = EnumSet.of(Model.THREADS, Model.VIRTUAL_THREADS, Model.EVENT_LOOP);
    var point =
        Watched.of(Jobs.Rendezvous.class)
            .with("jobs", "8")
            .models(Model.SYNC, Model.THREADS, Model.VIRTUAL_THREADS, Model.EVENT_LOOP)
            .timeout(Duration.ofSeconds(5))
            .run()
            .points()
            .getFirst();
    assertThat(kinds(point, Model.SYNC)).containsExactly(Kind.UNSTOPPABLE);
    assertThat(point.profile()).isNull();
    assertThat(allAtATime)
        .allSatisfy(model -> assertThat(result(point, model).repetitions()).hasSize(2));
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
    }
  }

  @Test
  void theNumberOfWorkersCanBeVaried() throws Exception {
    var report =
        Watched.of(Jobs.Rendezvous.class)
            .models(Model.THREAD_POOL)
            .timeout(Duration.ofSeconds(5))
            .sweep("workers", "1", "2")
            .run();
    assertThat(kinds(report.points().getFirst(), Model.THREAD_POOL))
        .containsExactly(Kind.UNSTOPPABLE);
    assertThat(result(report.points().getLast(), Model.THREAD_POOL).repetitions()).hasSize(2);
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
