package dev.segue.compare;

import static dev.segue.compare.Watched.finding;
import static dev.segue.compare.Watched.kinds;
import static dev.segue.compare.Watched.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.compare.Finding.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jobs.Jobs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whole runs with a job that throws, hangs, fills the heap or ends its JVM. */
@TestInstance(Lifecycle.PER_CLASS)
class MisbehavingJobsTest {
  private final List<Report.Point> points = new ArrayList<>();

  @BeforeAll
  void run() throws Exception {
    for (var hangs : List.of(false, true)) {
      var watched = Watched.of(Jobs.Misbehaves.class).repetitions(1);
      points.addAll(
          (hangs
                  ? watched.sweep("how", "hangs").timeout(Duration.ofSeconds(4))
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
          .startsWith("Job 2 of 3 did not end within 4s");
    } else {
      var finding = finding(how("hangs"), model, Kind.UNSTOPPABLE);
      assertThat(finding.text()).startsWith("Job 2 of 3 did not end within 4s");
      assertThat(finding.at()).startsWith("Jobs.Misbehaves.misbehave(Jobs.java:");
    }
  }
}
