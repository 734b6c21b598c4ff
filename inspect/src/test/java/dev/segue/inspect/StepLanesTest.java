package dev.segue.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.Wake;
import dev.segue.inspect.Lanes.Box;
import dev.segue.inspect.StepRecording.Note;
import dev.segue.inspect.StepRecording.Step;
import dev.segue.inspect.StepRecording.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLanesTest {
  /** The lanes of tasks that do not end, behind the explorer's. */
  private static StepLanes lanes(int tasks, Step... steps) {
    var names = List.of("a", "b", "c").subList(0, tasks);
    return StepLanes.of(
        new StepRecording(
            "title",
            List.of(),
            names.stream().map(name -> new Task(name, Ending.NONE)).toList(),
            List.of(steps),
            List.of(new Note(1, 0, "a is held")),
            null));
  }

  private static List<String> boxes(StepLanes lanes, int task) {
    return lanes.lanes().get(1 + task).boxes().stream().map(StepLanesTest::text).toList();
  }

  private static String text(Box box) {
    return "%s %d-%d".formatted(box.state(), box.from() / 1_000, box.to() / 1_000);
  }

  @Test
  void eachStepIsAsWideAsAnotherAndATaskIsReadyUntilItsTurn() {
    var lanes =
        lanes(
            2,
            new Step(0, "A:1", 0, Wake.START, -1, ""),
            new Step(1, "B:1", 0, Wake.START, -1, ""),
            new Step(0, "A:2", 1, Wake.YIELD, -1, ""));
    assertThat(boxes(lanes, 0)).containsExactly("RUNNING 0-1", "READY 1-2", "RUNNING 2-3");
    assertThat(boxes(lanes, 1)).containsExactly("READY 0-1", "RUNNING 1-2", "READY 2-3");
  }

  @Test
  void aTaskWaitsUntilTheStepThatWokeIt() {
    var lanes =
        lanes(
            2,
            new Step(0, "A:1", 0, Wake.START, -1, "for lock 1"),
            new Step(1, "B:1", 0, Wake.START, -1, ""),
            new Step(1, "B:2", 2, Wake.YIELD, -1, ""),
            new Step(1, "B:3", 3, Wake.YIELD, -1, ""),
            new Step(0, "A:2", 3, Wake.TASK, 1, "for lock 2"));
    assertThat(boxes(lanes, 0))
        .containsExactly("RUNNING 0-1", "WAITING 1-3", "READY 3-4", "RUNNING 4-5");
    var woken = lanes.lanes().get(1).boxes().getLast();
    assertThat(woken.waker()).isEqualTo(lanes.lanes().get(2).task().id());
  }

  @Test
  void whatATaskWaitsForAtTheEndIsShownToTheEnd() {
    var lanes =
        lanes(
            2,
            new Step(0, "A:1", 0, Wake.START, -1, "for lock 1"),
            new Step(1, "B:1", 0, Wake.START, -1, ""));
    assertThat(boxes(lanes, 0)).containsExactly("RUNNING 0-1", "WAITING 1-2");
    assertThat(lanes.head().get("kinds")).isEqualTo(List.of("", "for lock 1"));
  }

  @Test
  void aTaskIsNotThereBeforeItIsCreated() {
    var lanes =
        lanes(
            2,
            new Step(0, "A:1", 0, Wake.START, -1, ""),
            new Step(0, "A:2", 1, Wake.YIELD, -1, ""),
            new Step(1, "B:1", 2, Wake.START, 0, ""));
    assertThat(boxes(lanes, 1)).containsExactly("RUNNING 2-3");
  }

  @Test
  void whatWasDoneIsAtTheTaskAndAfterItsStep() {
    var lanes =
        lanes(
            1,
            new Step(0, "A:1", 0, Wake.START, -1, ""),
            new Step(0, "A:2", 1, Wake.YIELD, -1, ""));
    assertThat(lanes.head().get("notes")).isEqualTo(List.of(List.of(1, 1_001L, "a is held")));
  }
}
