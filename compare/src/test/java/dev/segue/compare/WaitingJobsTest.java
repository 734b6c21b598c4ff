package dev.segue.compare;

import static dev.segue.compare.Watched.kinds;
import static dev.segue.compare.Watched.result;
import static dev.segue.compare.Watched.wall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.compare.Finding.Kind;
import dev.segue.inspect.RecordingFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import jobs.Jobs;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A whole run of jobs that wait, under every model. */
@TestInstance(Lifecycle.PER_CLASS)
class WaitingJobsTest {
  private static final long MS = 1_000_000;

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
  @EnumSource(names = {"THREAD_POOL", "PROCESS_POOL"})
  void aPoolOfTwoRunsTwoAtATimeAtMost(Model model) {
    assertThat(wall(point, model)).isGreaterThanOrEqualTo(4 * 50 * MS);
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
                  .filter(span -> span.to() - span.from() > 20 * MS) // no lock that a sleep takes
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
          assertThat(wait[1]).isGreaterThan(wait[0]);
          assertThat(wait[1]).isLessThanOrEqualTo(recording.length().toNanos());
        });
  }
}
