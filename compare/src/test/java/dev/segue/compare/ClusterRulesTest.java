package dev.segue.compare;

import static dev.segue.compare.Model.CLUSTER;
import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREAD_POOL;
import static dev.segue.compare.Reports.COMPUTES;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules that know a cluster, on constructed measurements. */
class ClusterRulesTest {
  private static Optional<String> says(Rule rule, Reports.Of point) {
    var report = point.report();
    return rule.says(new Facts(report, report.points().getFirst()));
  }

  private static Reports.Of local() {
    return Reports.of(COMPUTES)
        .with(SYNC, 2_000, 2_000, 60)
        .with(PROCESS_POOL, 560, 2_200, 300)
        .with(CLUSTER, 1_120, 4_000, 1_500);
  }

  private static Reports.Of large() {
    return Reports.of(COMPUTES)
        .with(SYNC, 2_000, 2_000, 60)
        .with(PROCESS_POOL, 560, 2_200, 300)
        .with(CLUSTER, 150, 4_000, 0);
  }

  @Test
  void aClusterPaysWhereOneMachineIsOutgrown() {
    assertThat(says(Rule.MORE_MACHINES, local()).orElseThrow())
        .startsWith("More processors than one machine has: only a cluster can use them.")
        .contains("Here it took 1.12 s, 2 times as long, and added ")
        .endsWith(" of processor time to each job.");
  }

  @Test
  void aClusterThatWinsIsFasterWithMoreExecutors() {
    assertThat(Reason.of(large().report()).model()).isEqualTo(CLUSTER);
    assertThat(says(Rule.MORE_MACHINES, large()).orElseThrow()).startsWith("More executors: ");
    assertThat(says(Rule.MORE_PROCESSORS, large())).isEmpty();
    assertThat(says(Rule.JOBS_THAT_CRASH, large())).isEmpty();
  }

  @Test
  void withoutAClusterNothingIsSaidOfOne() {
    var point = Reports.of(COMPUTES).with(SYNC, 2_000).with(THREAD_POOL, 500);
    assertThat(says(Rule.MORE_MACHINES, point)).isEmpty();
    assertThat(says(Rule.CLUSTERS_REPEAT, point)).isEmpty();
  }

  @Test
  void jobsThatWaitNeedNoMoreMachines() {
    var point = Reports.of(WAITS).with(SYNC, 2_000).with(THREAD_POOL, 50).with(CLUSTER, 300);
    assertThat(says(Rule.MORE_MACHINES, point)).isEmpty();
  }

  @Test
  void theTrapOfAClusterIsThatAJobMayHappenTwice() {
    var point = Reports.of(COMPUTES).with(THREAD_POOL, 500).with(CLUSTER, 700);
    assertThat(says(Rule.CLUSTERS_REPEAT, point).orElseThrow())
        .contains("so a job may happen twice");
  }

  @Test
  void memoryThatWasNotMeasuredMakesNoOtherModelDear() {
    var point = Reports.of(COMPUTES).with(THREAD_POOL, 500, 2_000, 60).with(CLUSTER, 500, 2_000, 0);
    assertThat(Reason.of(point.report()).model()).isEqualTo(THREAD_POOL);
    assertThat(ReportText.of(point.report(), false)).doesNotContain("0 bytes");
  }
}
