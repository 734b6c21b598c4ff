package dev.segue.explored;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.createTask;
import static dev.segue.Async.gather;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.segue.Async;
import dev.segue.testing.junit.ExploreTest;
import dev.segue.testing.junit.LoopExtension;
import dev.segue.testing.junit.LoopTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What JUnit makes of the annotations, with test classes that are run here alone. */
class JUnitTest {
  /** What happened to each test. */
  private static final class Results implements TestExecutionListener {
    final Map<String, TestExecutionResult> byName = new HashMap<>();
    final Map<String, String> reports = new HashMap<>();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        byName.put(test.getDisplayName(), result);
      }
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
      entry.getKeyValuePairs().values().forEach(text -> reports.put(test.getDisplayName(), text));
    }

    TestExecutionResult.Status status(String name) {
      return byName.entrySet().stream()
          .filter(test -> test.getKey().startsWith(name))
          .findFirst()
          .orElseThrow()
          .getValue()
          .getStatus();
    }

    Throwable failure(String name) {
      return byName.get(name).getThrowable().orElseThrow();
    }
  }

  private static Results run(Class<?> cases, String... parameters) {
    var request =
        LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectClass(cases));
    for (int i = 0; i < parameters.length; i += 2) {
      request.configurationParameter(parameters[i], parameters[i + 1]);
    }
    var results = new Results();
    LauncherFactory.create().execute(request.build(), results);
    return results;
  }

  // --- explored

  static class Explored {
    private static final List<String> CALLS = new ArrayList<>();
    private int value;

    Explored() {
      CALLS.add("new");
    }

    @BeforeEach
    void setUp() {
      Async.currentTask(); // in the loop
      CALLS.add("before");
    }

    @AfterEach
    void tearDown() {
      CALLS.add("after");
    }

    @ExploreTest
    void faulty() {
      gather(this::increment, this::increment);
      assertEquals(2, value);
    }

    @ExploreTest
    void healthy(TestInfo info) {
      assertEquals("healthy(TestInfo)", info.getDisplayName());
      gather(() -> value++, () -> value++);
      assertEquals(2, value);
      CALLS.add("test");
    }

    private void increment() {
      int read = value;
      checkpoint();
      value = read + 1;
    }

    @Nested
    class Inner {
      @BeforeEach
      void setUpInner() {
        value = 40;
      }

      @ExploreTest
      void nested() {
        value += 2;
        assertEquals(42, value);
      }
    }
  }

  @Test
  void theFailureOfABodyFailsTheTestWithItsReport() {
    var failure = run(Explored.class).failure("faulty()");
    assertThat(failure).isInstanceOf(AssertionError.class).hasMessage("expected: <2> but was: <1>");
    assertThat(failure.getSuppressed())
        .anySatisfy(report -> assertThat(report).hasMessageContaining("replay: -Dsegue.replay="));
  }

  @Test
  void eachScheduleHasANewInstanceWithItsOwnSetUp() {
    Explored.CALLS.clear();
    var results = run(Explored.class);
    assertThat(results.status("healthy(TestInfo)"))
        .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    assertThat(String.join(" ", Explored.CALLS)).contains("new before test after new before test");
    assertThat(results.reports)
        .containsEntry("healthy(TestInfo)", "exhausted: 2 schedules, no failure");
  }

  @Test
  void aNestedClassHasANewInstanceOfTheOuterOneToo() {
    assertThat(run(Explored.class).status("nested()"))
        .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
  }

  @Test
  void aReplayRunsOneScheduleAlone() {
    var report = run(Explored.class).failure("faulty()").getSuppressed()[0].getMessage();
    var schedule = report.substring(report.indexOf("segue.replay=") + "segue.replay=".length());
    Explored.CALLS.clear();
    var replayed = run(Explored.class, "segue.replay", schedule);
    assertThat(replayed.failure("faulty()")).hasMessage("expected: <2> but was: <1>");
    assertThat(replayed.status("nested()")).isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    assertThat(Explored.CALLS.stream().filter("test"::equals)).hasSize(1);
  }

  @Test
  void aFailureIsWrittenAsAPageWhereAFileIsNamed(@TempDir Path folder) throws IOException {
    var file = folder.resolve("schedule.html");
    var failure = run(Explored.class, "segue.report", file.toString()).failure("faulty()");
    assertThat(failure.getSuppressed()).hasSize(2);
    assertThat(failure.getSuppressed()[1]).hasMessage("the schedule as a page: " + file);
    assertThat(Files.readString(file)).startsWith("<!doctype html>");
  }

  @Test
  void aReplayIsWrittenAsAPageToo(@TempDir Path folder) {
    var report = run(Explored.class).failure("faulty()").getSuppressed()[0].getMessage();
    var schedule = report.substring(report.indexOf("segue.replay=") + "segue.replay=".length());
    var file = folder.resolve("schedule.html");
    run(Explored.class, "segue.replay", schedule, "segue.report", file.toString());
    assertThat(file).exists();
  }

  @Test
  void ofTestsThatPassThereIsNoPage(@TempDir Path folder) {
    var file = folder.resolve("schedule.html");
    run(Ordinary.class, "segue.report", file.toString());
    assertThat(file).doesNotExist();
  }

  static class TwoFailing {
    @ExploreTest
    void one() {
      throw new AssertionError("one");
    }

    @ExploreTest
    void two() {
      throw new AssertionError("two");
    }
  }

  @Test
  void theSecondPageHasANameOfItsOwn(@TempDir Path folder) {
    run(TwoFailing.class, "segue.report", folder.resolve("schedule.html").toString());
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("schedule.html", "schedule-2.html");
  }

  @Test
  void aPageThatCannotBeWrittenDoesNotHideTheFailure(@TempDir Path folder) {
    var file = folder.resolve("none/schedule.html");
    var failure = run(Explored.class, "segue.report", file.toString()).failure("faulty()");
    assertThat(failure).hasMessage("expected: <2> but was: <1>");
    assertThat(failure.getSuppressed()[1].getMessage())
        .startsWith("cannot write the page of the schedule: ")
        .contains(file.toString());
  }

  static class FailingAround {
    @BeforeEach
    void setUp() {
      throw new IllegalStateException("before");
    }

    @AfterEach
    void tearDown() {
      throw new IllegalStateException("after");
    }

    @ExploreTest
    void test() {
      throw new AssertionError("not reached");
    }
  }

  @Test
  void afterAFailureBeforeTheTestWhatComesAfterIsCalledAllTheSame() {
    var failure = run(FailingAround.class).failure("test()");
    assertThat(failure).hasMessage("before");
    assertThat(failure.getSuppressed()).anySatisfy(after -> assertThat(after).hasMessage("after"));
  }

  // --- ordinary

  static class Ordinary {
    @LoopTest
    void passes() {
      Async.sleep(Duration.ofDays(365));
    }

    @LoopTest
    void fails() {
      throw new IllegalStateException("as thrown");
    }

    @LoopTest
    void leavesATask() {
      createTask("straggler", () -> Async.sleep(Duration.ofDays(1)));
    }

    @LoopTest
    void hasAnUnobservedFailure() {
      createTask("mail", () -> assertEquals(1, 2));
      checkpoint();
      checkpoint();
    }

    @ExtendWith(LoopExtension.class)
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void parameterized(int number) {
      Async.sleep(Duration.ofDays(number));
    }
  }

  @Test
  void anOrdinaryTestRunsInALoop() {
    var results = run(Ordinary.class);
    assertThat(results.status("passes()")).isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    assertThat(results.status("[1]")).isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    assertThat(results.failure("fails()"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("as thrown");
  }

  @Test
  void aTaskLeftBehindFailsATest() {
    assertThat(run(Ordinary.class).failure("leavesATask()"))
        .hasMessage(
            "the test has ended, and has left behind 'straggler'; await or cancel what it starts");
  }

  @Test
  void aFailureThatNobodyObservedFailsATest() {
    assertThat(run(Ordinary.class).failure("hasAnUnobservedFailure()"))
        .hasMessage("task 'mail' failed, and nothing has looked at that; await it")
        .hasRootCauseMessage("expected: <1> but was: <2>");
  }

  static class Stalling {
    /** Whose first use holds the loop. */
    private static final class Slow {
      static final boolean LOADED = load();

      private static boolean load() {
        try {
          Thread.sleep(2_000); // time enough for a watchdog without a processor
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
        return true;
      }
    }

    @LoopTest
    void stalls() {
      assertTrue(Slow.LOADED);
    }
  }

  @Test
  void aStallFailsATest() {
    assertThat(run(Stalling.class).failure("stalls()"))
        .hasMessageContaining("has been blocked for")
        .hasMessageContaining("it is waiting inside a class initializer");
  }
}
