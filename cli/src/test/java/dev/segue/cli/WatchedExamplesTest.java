package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.inspect.Lint;
import dev.segue.inspect.Recorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WatchedExamplesTest {
  private final Recorder recorder = new Recorder();
  private final Supplier<Instrument> recorded = recorder::forNewLoop;
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @BeforeEach
  void watch() {
    System.setProperty("scale", "0.1");
    EventLoop.addInstruments(recorded);
    Thread.currentThread().setContextClassLoader(new WatchedExamples(recorder, before));
  }

  @AfterEach
  void stopWatching() {
    Thread.currentThread().setContextClassLoader(before);
    EventLoop.removeInstruments(recorded);
    System.clearProperty("scale");
  }

  private void run(String name) throws Exception {
    var thread = Thread.currentThread();
    var threadName = thread.getName();
    var example = ArticleExamples.ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    try (var _ = new Transcript(_ -> {})) {
      example.orElseThrow().program().run();
    } finally {
      thread.setName(threadName);
    }
  }

  @Test
  void theLostUpdateOfTheRaceIsFoundAtItsLine() throws Exception {
    run("race");
    var lines = Files.readAllLines(Path.of("src/main/examples/Race.java"));
    var finding = recorder.recording().findings().getFirst();
    assertThat(finding.lint()).isEqualTo(Lint.LOST_UPDATE);
    assertThat(finding.title()).contains("Race.value", "'ThreadPoolExecutor-0_");
    assertThat(finding.where().getLineNumber()).isEqualTo(1 + lines.indexOf("  value = tmp;"));
    assertThat(recorder.recording().lostUpdates().getFirst().read().where().getLineNumber())
        .isEqualTo(1 + lines.indexOf("  int tmp = value * value + 1;"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"race-lock", "race-free", "race-db"})
  void noneIsFoundWhereNoneIsLost(String name) throws Exception {
    run(name);
    assertThat(recorder.recording().lostUpdates()).isEmpty();
  }

  @Test
  void anExampleWithoutFieldsCanBeLoadedByWorkers() throws Exception {
    var loader = Thread.currentThread().getContextClassLoader();
    assertThat(List.of(loader.loadClass("SortProcesses"), loader.loadClass("SortThreads")))
        .allMatch(type -> type.getClassLoader() != loader);
    assertThat(loader.loadClass("Race").getClassLoader()).isSameAs(loader);
  }
}
