package dev.segue.compare;

import static dev.segue.compare.Watched.finding;
import static dev.segue.compare.Watched.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.compare.Finding.Kind;
import jobs.Jobs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A whole run of jobs that share a counter, with a lock and without. */
@TestInstance(Lifecycle.PER_CLASS)
class RacingJobsTest {
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
