package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.compare.PointRun.PointOfSweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import jobs.Jobs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A point of which some JVMs cannot be started, as the system has no process or thread left. */
class PointRunTest {
  private final Watched watched =
      Watched.of(Jobs.Waits.class).models(Model.SYNC, Model.THREADS, Model.VIRTUAL_THREADS);
  private final List<ChildProcess> started = new ArrayList<>();
  private int starts;

  @TempDir private Path folder;

  @AfterEach
  void end() {
    started.forEach(ChildProcess::kill);
    started.forEach(ChildProcess::awaitEnd);
  }

  private PointRun failingAt(int from, int to, Supplier<IOException> failure) {
    var children =
        new PointRun.Children() {
          @Override
          public ChildProcess start() throws IOException {
            starts++;
            if (starts >= from && starts <= to) {
              throw failure.get();
            }
            var child = new ChildProcess(List.of(), folder, List.of());
            started.add(child);
            return child;
          }

          @Override
          public void refuseIfStopped() {}
        };
    return new PointRun(
        watched.plan(), children, watched, new PointOfSweep(null, null, Map.of(), 2, 0, 1));
  }

  private static IOException noProcess() {
    return new IOException("error=11, Resource temporarily unavailable");
  }

  private static IOException noThread() {
    throw new OutOfMemoryError("unable to create native thread");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aModelWhoseJvmCannotBeStartedIsOutAndTheRestGoesOn(boolean thread) throws Exception {
    var run = failingAt(2, 2, thread ? PointRunTest::noThread : PointRunTest::noProcess);
    run.start(List.of(Map.of()));
    run.measure();
    var point = run.result();
    assertThat(point.results()).extracting(ModelResult::model).isSorted().hasSize(3);
    assertThat(Watched.kinds(point, Model.THREADS)).containsExactly(Finding.Kind.JVM_ENDED);
    assertThat(Watched.result(point, Model.SYNC).repetitions()).hasSize(2);
    assertThat(Watched.result(point, Model.VIRTUAL_THREADS).repetitions()).hasSize(2);
    assertThat(watched.found)
        .singleElement()
        .extracting(Finding::text)
        .asString()
        .startsWith("Its JVM could not be started: ")
        .containsAnyOf("error=11", "native thread");
  }

  @Test
  void aPointOfWhichNoneCanBeStartedHasOnlyFindings() throws Exception {
    var run = failingAt(1, 3, PointRunTest::noProcess);
    run.start(List.of()); // as for the second value of a sweep
    run.measure();
    assertThat(run.hasBegun()).isTrue();
    assertThat(run.result().findings()).hasSize(3);
  }

  @Test
  void ifTheFirstOfAllCannotBeStartedThatIsTheEnd() {
    var run = failingAt(1, 1, PointRunTest::noProcess);
    assertThatThrownBy(() -> run.start(List.of(Map.of())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot start a JVM: error=11");
  }
}
