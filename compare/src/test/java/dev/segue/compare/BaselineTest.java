package dev.segue.compare;

import static dev.segue.compare.Baseline.Direction.FASTER;
import static dev.segue.compare.Baseline.Direction.NO_CHANGE_SEEN;
import static dev.segue.compare.Baseline.Direction.SLOWER;
import static dev.segue.compare.Model.EVENT_LOOP;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BaselineTest {
  private static Report report(double threads) {
    return Reports.of(WAITS).with(SYNC, 2_000).with(THREADS, threads).report();
  }

  private static Report with(
      Report report, Map<String, String> parameters, int workers, Machine machine) {
    return new Report(
        report.workload(), parameters, workers, 0, report.at(), machine, true, report.points());
  }

  @Test
  void aModelIsSlowerIfItsIntervalIsAboveTheOldOne() {
    var baseline = Baseline.of(report(100), report(120));
    assertThat(baseline.changes())
        .extracting(Baseline.Change::direction)
        .containsExactly(NO_CHANGE_SEEN, SLOWER);
    assertThat(baseline.isWorse()).isTrue();
    assertThat(baseline.text())
        .isEqualTo(
            """
            one after the other: no change seen (2 s [1.98 to 2.02 s], before 2 s [1.98 to 2.02 s])
            a thread for each job: SLOWER: 20 % more time (120 ms [119 to 121 ms], before 100 ms [99 to 101 ms])
            """);
  }

  @Test
  void aModelIsFasterIfItsIntervalIsBelow() {
    var baseline = Baseline.of(report(100), report(80));
    assertThat(baseline.changes().getLast().direction()).isEqualTo(FASTER);
    assertThat(baseline.isWorse()).isFalse();
    assertThat(baseline.text()).contains("a thread for each job: faster: 20 % less time");
  }

  @Test
  void intervalsThatOverlapShowNoChange() {
    var wide = Reports.of(WAITS).withAll(THREADS, 1, 60, 100, 50, 150, 140, 60).report();
    var other = Reports.of(WAITS).withAll(THREADS, 1, 60, 130, 60, 160, 150, 70).report();
    assertThat(Baseline.of(wide, other).changes().getFirst().direction()).isEqualTo(NO_CHANGE_SEEN);
  }

  @Test
  void aChangeThatNobodyNoticesIsNone() {
    assertThat(Baseline.of(report(100), report(103)).isWorse()).isFalse();
  }

  @Test
  void findingsAreNewOrGone() {
    var old =
        Reports.of(WAITS)
            .with(EVENT_LOOP, 30)
            .found(EVENT_LOOP, Finding.Kind.STALL, "A.work(A.java:12)")
            .found(EVENT_LOOP, Finding.Kind.MEMORY_GROWS, null)
            .report();
    var now =
        Reports.of(WAITS)
            .with(EVENT_LOOP, 30)
            .found(EVENT_LOOP, Finding.Kind.STALL, "A.work(A.java:13)")
            .found(EVENT_LOOP, Finding.Kind.WRONG_RESULT, null)
            .report();
    var baseline = Baseline.of(old, now);
    assertThat(baseline.fresh())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.WRONG_RESULT);
    assertThat(baseline.gone())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.MEMORY_GROWS);
    assertThat(baseline.isWorse()).isTrue();
    assertThat(baseline.text())
        .contains("NEW: event loop: wrong-result was found", "gone: event loop: memory-grows");
  }

  @Test
  void timesThatDidNotSettleAreNotWorse() {
    var now = Reports.of(WAITS).with(SYNC, 1).found(SYNC, Finding.Kind.NOT_STEADY, null).report();
    assertThat(Baseline.of(Reports.of(WAITS).with(SYNC, 1).report(), now).isWorse()).isFalse();
  }

  @Test
  void anotherMachineIsAWarning() {
    var old = report(100);
    var moved =
        with(old, old.parameters(), old.workers(), new Machine(16, "Temurin 25.0.4", "Linux"));
    assertThat(Baseline.of(old, moved).warnings())
        .containsExactly(
            "Another machine, or another JDK: 4 processors, Temurin 25.0.3, Linux 6.12, amd64"
                + " before, 16 processors, Temurin 25.0.4, Linux now. Times may differ for that"
                + " reason.");
    assertThat(Baseline.of(old, moved).text()).startsWith("warning: Another machine");
  }

  @Test
  void aModelThatOnlyOneOfThemHasIsAWarning() {
    assertThat(Baseline.of(report(100), Reports.of(WAITS).with(SYNC, 2_000).report()).warnings())
        .containsExactly("A thread for each job was measured only before.");
  }

  @Test
  void whatIsDifferentCannotBeCompared() {
    var old = report(100);
    assertThatThrownBy(() -> Baseline.of(old, Reports.report("Other", old.points().getFirst())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the two reports cannot be compared: the workload was dev.example.Fetch before, and"
                + " Other now");
    assertThatThrownBy(() -> Baseline.of(old, with(old, Map.of("jobs", "5"), 8, Reports.MACHINE)))
        .hasMessageContaining("the parameters were {jobs=100, length=20ms} before");
    assertThatThrownBy(() -> Baseline.of(old, with(old, old.parameters(), 2, Reports.MACHINE)))
        .hasMessageContaining("the number of workers was 8 before, and 2 now");
    assertThatThrownBy(() -> Baseline.of(old, Reports.atRate(old, 50)))
        .hasMessageContaining("the rate was all jobs at once before, and 50 jobs a second now");
  }

  @Test
  void sweepsAreComparedPointByPoint() {
    var ten = Reports.of(WAITS).with(THREADS, 10);
    var old =
        Reports.report(ten.at("jobs", "10"), Reports.of(WAITS).with(THREADS, 20).at("jobs", "20"));
    var now =
        Reports.report(ten.at("jobs", "10"), Reports.of(WAITS).with(THREADS, 40).at("jobs", "20"));
    assertThat(Baseline.of(old, now).text())
        .contains("jobs = 10, a thread for each job: no change seen")
        .contains("jobs = 20, a thread for each job: SLOWER: 100 % more time");
    var others = Reports.report(ten.at("jobs", "30"));
    assertThatThrownBy(() -> Baseline.of(old, others))
        .hasMessage(
            "the two reports have no point in common: jobs = 10, jobs = 20 before, jobs = 30 now");
    assertThat(
            Baseline.of(old, Reports.report(ten.at("jobs", "10"), ten.at("jobs", "30"))).warnings())
        .contains("Not measured before: jobs = 30.");
  }
}
