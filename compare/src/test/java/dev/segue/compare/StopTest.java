package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jobs.Jobs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that ends early, and what it leaves: nothing. */
class StopTest {
  private static Watched waits() {
    return Watched.of(Jobs.Waits.class)
        .models(Model.SYNC, Model.EVENT_LOOP, Model.PROCESS_POOL)
        .repetitions(3);
  }

  /** Stops it in a step: starts are the first three, then come three to warm up. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 8})
  void atAnyPointWhatHasBeenMeasuredIsReported(int step) throws Exception {
    var watched = waits();
    var comparison = watched.comparison();
    var stops = new ArrayList<Thread>();
    watched.onStep =
        now -> {
          if (now == step) {
            stops.add(Thread.ofPlatform().start(comparison::stop));
          }
        };
    var report = comparison.run();
    stops.getFirst().join();
    assertThat(report.complete()).isFalse();
    assertThat(report.points()).hasSizeLessThanOrEqualTo(1);
    assertThat(watched.found).isEmpty();
    Watched.assertNothingIsLeft();
  }

  /** No other thread stops it: that might be too late. */
  @Test
  void beforeTheLastRepetitionAllOthersAreReported() throws Exception {
    var watched = waits();
    var comparison = watched.comparison();
    watched.onStep =
        now -> {
          if (now == 15) {
            comparison.stop();
          }
        };
    var report = comparison.run();
    assertThat(report.complete()).isFalse();
    assertThat(watched.found).isEmpty();
    assertThat(report.points().getFirst().results())
        .extracting(result -> result.repetitions().size())
        .containsExactlyInAnyOrder(3, 3, 2);
    Watched.assertNothingIsLeft();
  }

  @Test
  void beforeItsBeginNothingIsStarted() throws Exception {
    var watched = waits();
    var comparison = watched.comparison();
    comparison.stop();
    var report = comparison.run();
    assertThat(report.complete()).isFalse();
    assertThat(report.points()).isEmpty();
  }

  @Test
  void whileAJobHangsItEndsAtOnce() throws Exception {
    var watched =
        Watched.of(Jobs.Misbehaves.class)
            .with("how", "hangs")
            .models(Model.THREADS)
            .timeout(Duration.ofDays(1));
    var comparison = watched.comparison();
    watched.onStep =
        now -> {
          if (now == 2) {
            Thread.ofPlatform().start(comparison::stop);
          }
        };
    assertThat(comparison.run().complete()).isFalse();
    Watched.assertNothingIsLeft();
  }

  @Test
  void anInterruptEndsIt() {
    var watched = waits();
    watched.onStep =
        now -> {
          if (now == 5) {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(watched.comparison()::run).isInstanceOf(InterruptedException.class);
    Watched.assertNothingIsLeft();
  }

  @Test
  void whatItTellsMayThrow() {
    var watched = waits();
    watched.onStep =
        now -> {
          if (now == 3) {
            throw new IllegalStateException("on purpose");
          }
        };
    assertThatThrownBy(watched.comparison()::run).hasMessage("on purpose");
    Watched.assertNothingIsLeft();
  }

  /** In a JVM of its own: says who its children are, and hangs. */
  static final class Program implements Progress {
    public static void main(String[] arguments) throws Exception {
      var plan =
          Watched.of(Jobs.Misbehaves.class)
              .with("how", "hangs")
              .models(Model.PROCESS_POOL, Model.VIRTUAL_THREADS)
              .timeout(Duration.ofDays(1))
              .plan();
      new Comparison(plan, new Program()).run();
    }

    @Override
    public void step(Model model, String step, @Nullable String value, double done) {
      if (step.equals("warming up")) {
        var all = ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
        System.out.println("children " + all.toString().replaceAll("[^0-9 ]", ""));
      }
    }

    @Override
    public void measured(Model model, Repetition repetition) {}

    @Override
    public void found(Finding finding) {
      System.out.println(finding);
    }
  }

  private static List<ProcessHandle> childrenOf(ChildJvm program) throws InterruptedException {
    var all = new ArrayList<ProcessHandle>();
    for (var pid : program.line("children").split(" ")) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(all::add);
    }
    assertThat(all).hasSizeGreaterThanOrEqualTo(3); // two, and workers
    return all;
  }

  private static void assertEnd(List<ProcessHandle> all) throws InterruptedException {
    long limit = System.nanoTime() + 60_000_000_000L;
    while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < limit) {
      Thread.sleep(10);
    }
    assertThat(all).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void ifThisJvmIsKilledItsChildrenEnd() throws Exception {
    try (var program = ChildJvm.start(Program.class)) {
      var children = childrenOf(program);
      program.kill();
      assertEnd(children);
    }
  }

  @Test
  void ifThisJvmIsToldToEndItsChildrenEnd() throws Exception {
    try (var program = ChildJvm.start(Program.class)) {
      var children = childrenOf(program);
      program.signal("TERM");
      program.exitCode();
      assertEnd(children);
    }
  }

  @Test
  void aCtrlCInTheTerminalDoesNotEndAChildBeforeThisJvm() throws Exception {
    var watched = Watched.of(Jobs.Waits.class).models(Model.SYNC, Model.THREADS);
    watched.onStep =
        now -> {
          if (now == 3) {
            ProcessHandle.current().children().forEach(StopTest::interrupt);
          }
        };
    assertThat(watched.run().points().getFirst().findings()).isEmpty();
  }

  private static void interrupt(ProcessHandle child) {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).inheritIO().start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
