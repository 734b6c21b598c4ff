package dev.segue.testing;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.gather;
import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.AsyncSemaphore;
import dev.segue.TaskGroup;
import dev.segue.Wake;
import dev.segue.fixtures.ChildJvm;
import dev.segue.inspect.Ending;
import dev.segue.inspect.StepRecording;
import dev.segue.inspect.StepRecording.Note;
import dev.segue.inspect.StepRecording.Task;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulePageTest {
  private static Interleaving failure(Action<?> body) {
    return Explorer.builder().cancels(1).build().explore(body).failure().orElseThrow();
  }

  private static StepRecording steps(Action<?> body) {
    return SchedulePage.steps(failure(body));
  }

  /** Loses an update if the one that has read is held. */
  private static void lostUpdate() {
    int[] value = {0};
    TaskGroup.run(group -> {
      var _ =
          group.spawn(
              "update",
              () -> {
                int read = value[0];
                checkpoint();
                value[0] = read + 1;
              });
      var _ =
          group.spawn(
              "audit",
              () -> {
                checkpoint();
                checkpoint();
                value[0]++;
              });
    });
    if (value[0] != 2) {
      throw new AssertionError("value is " + value[0] + ", not 2");
    }
  }

  @Test
  void theStepsAreThoseOfTheReport() {
    var failure = failure(SchedulePageTest::lostUpdate);
    var page = SchedulePage.steps(failure);
    assertThat(page.title()).isEqualTo("value is 1, not 2");
    assertThat(page.facts())
        .anySatisfy(fact -> assertThat(fact).matches("schedule \\d of 1,000, 1 hold"))
        .contains("replay: -Dsegue.replay=" + failure.replay());
    assertThat(page.tasks())
        .containsExactly(new Task("update", Ending.SUCCESS), new Task("audit", Ending.SUCCESS));
    assertThat(page.steps().stream().map(StepRecording.Step::text))
        .containsExactlyElementsOf(failure.steps().stream().map(Interleaving.Step::text).toList());
    assertThat(page.steps().stream().map(step -> page.tasks().get(step.task()).name()))
        .containsExactlyElementsOf(failure.steps().stream().map(Interleaving.Step::task).toList());
    assertThat(page.graph()).isNull();
  }

  @Test
  void whatTheExplorerDidIsAfterTheStepAtWhichItDidThat() {
    var page = steps(SchedulePageTest::lostUpdate);
    var lines = failure(SchedulePageTest::lostUpdate).toString().lines().toList();
    var held = "update is held here: the others go first";
    int step = (int) lines.stream().takeWhile(line -> !line.contains(held)).count() - 2;
    assertThat(page.notes()).containsExactly(new Note(step, 0, held));
    assertThat(failure(SchedulePageTest::lostUpdate).notes())
        .containsExactly(new Interleaving.Note(step, held));
  }

  @Test
  void aWakeUpNamesTheTaskAndTheStepThatItCameIn() {
    var page =
        steps(() -> {
          var event = new AsyncEvent();
          TaskGroup.run(group -> {
            var _ = group.spawn("waits", event::await);
            var _ = group.spawn("sets", event::set);
          });
          throw new AssertionError();
        });
    // Of main nothing is shown but that it fails, so it has steps, too.
    var woken =
        page.steps().stream()
            .filter(step -> page.tasks().get(step.task()).name().equals("waits"))
            .toList();
    assertThat(woken.getFirst().waitsFor()).startsWith("for event");
    assertThat(woken.getLast().wokenBy()).isEqualTo(Wake.TASK);
    assertThat(page.tasks().get(woken.getLast().waker()).name()).isEqualTo("sets");
    var set = page.steps().get(woken.getLast().readyAfter() - 1);
    assertThat(page.tasks().get(set.task()).name()).isEqualTo("sets");
  }

  @Test
  void timeThatPassesIsNoTasksDoing() {
    var page =
        steps(() -> {
          Async.sleep(Duration.ofSeconds(5));
          throw new AssertionError();
        });
    assertThat(page.notes()).containsExactly(new Note(1, -1, "5s pass"));
  }

  @Test
  void aMainTaskThatIsHeldHasALaneThoughItsStepsAreNotTold() {
    var replayed =
        Explorer.builder()
            .replay("v1:0.1")
            .build()
            .explore(() -> {
              Async.createTask("late", SchedulePageTest::manySteps);
              Async.createTask("early", Async::checkpoint).await();
              throw new AssertionError();
            });
    var page = SchedulePage.steps(replayed.failure().orElseThrow());
    assertThat(page.tasks()).extracting(Task::name).containsExactly("main", "late", "early");
    assertThat(page.notes()).extracting(Note::task).containsExactly(0);
    assertThat(page.steps()).extracting(StepRecording.Step::task).doesNotContain(0).isNotEmpty();
  }

  private static void manySteps() {
    for (int i = 0; i < 10; i++) {
      checkpoint();
    }
  }

  @Test
  void aDeadlockShowsItsRing() {
    var page =
        steps(() -> {
          var one = new AsyncLock();
          var two = new AsyncLock();
          gather(() -> both(one, two), () -> both(two, one));
        });
    assertThat(page.graph()).isNotNull();
    assertThat(page.graph().rings()).hasSize(1);
  }

  private static void both(AsyncLock first, AsyncLock second) {
    try (var _ = first.acquire()) {
      checkpoint();
      try (var _ = second.acquire()) {
        checkpoint();
      }
    }
  }

  @Test
  void tasksThatNothingCanWakeShowWhatTheyWaitFor() {
    var page =
        steps(() -> {
          var semaphore = new AsyncSemaphore(1);
          gather(semaphore::acquire, semaphore::acquire);
        });
    assertThat(page.graph()).isNotNull();
    assertThat(page.graph().stuck()).isTrue();
    assertThat(page.tasks()).extracting(Task::ending).contains(Ending.NONE);
    assertThat(page.steps().getLast().waitsFor()).startsWith("for semaphore");
  }

  @Test
  void thePageIsOneFile(@TempDir Path folder) throws IOException {
    var file = folder.resolve("schedule.html");
    failure(SchedulePageTest::lostUpdate).writePage(file);
    assertThat(Files.readString(file)).startsWith("<!doctype html>").contains("step by step");
  }

  @Test
  void withoutTheModuleThatMakesPagesTheMessageSaysWhatToAdd() throws Exception {
    var without =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !isInspect(entry))
            .collect(Collectors.joining(File.pathSeparator));
    var program = Class.forName("dev.segue.explored.ExploredWithoutInspect");
    try (var jvm = ChildJvm.of(program).classPath(without).start()) {
      assertThat(jvm.line("kind")).isEqualTo("DEADLOCK");
      assertThat(jvm.line("refused"))
          .contains("add the dependency segue-inspect beside segue-testing");
    }
  }

  private static boolean isInspect(String entry) {
    return List.of("inspect", "segue-inspect").stream()
        .anyMatch(name ->
            entry.contains(File.separator + name + File.separator)
                || Path.of(entry).getFileName().toString().startsWith("segue-inspect"));
  }
}
