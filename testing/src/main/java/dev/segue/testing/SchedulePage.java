package dev.segue.testing;

import dev.segue.DeadlockException;
import dev.segue.EventLoop;
import dev.segue.inspect.Ending;
import dev.segue.inspect.Page;
import dev.segue.inspect.StepRecording;
import dev.segue.inspect.WaitGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;

/**
 * The page of a schedule. All that is done with the module {@code dev.segue.inspect} is done here,
 * since that need not be there.
 */
final class SchedulePage {
  private static final boolean POSSIBLE = isThere("dev.segue.inspect.Page");

  private final Recording recording;
  private final Map<Integer, Integer> lanes = new TreeMap<>(); // of tasks, by their numbers
  private final Map<Recording.Step, Integer> numbers = new HashMap<>();

  private SchedulePage(Recording recording) {
    this.recording = recording;
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, SchedulePage.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException _) {
      return false;
    }
  }

  /** Whether the module is there; if not, nothing else here may be called. */
  static boolean isPossible() {
    return POSSIBLE;
  }

  static WaitGraph graph(DeadlockException deadlock) {
    return WaitGraph.ofDeadlock(deadlock);
  }

  static WaitGraph graph(EventLoop loop) {
    return WaitGraph.of(loop);
  }

  static void write(Interleaving interleaving, Path file) throws IOException {
    Page.write(steps(interleaving), file);
  }

  static StepRecording steps(Interleaving interleaving) {
    var replay = "replay: -Dsegue.replay=" + interleaving.replay();
    return new SchedulePage(interleaving.recording())
        .steps(interleaving.title(), List.of(interleaving.place(), replay));
  }

  private StepRecording steps(String title, List<String> facts) {
    var shown = recording.entries();
    for (var entry : shown) {
      switch (entry) {
        case Recording.Step step -> lanes.put(step.task, 0);
        case Recording.Note(var task, _) when task >= 0 -> lanes.put(task, 0);
        case Recording.Note _ -> {} // of time
      }
    }
    var tasks = new ArrayList<StepRecording.Task>();
    for (var lane : lanes.entrySet()) {
      lane.setValue(tasks.size());
      int task = lane.getKey();
      tasks.add(new StepRecording.Task(recording.name(task), ending(recording.end(task))));
    }
    number(new HashSet<>(shown));
    var steps = new ArrayList<StepRecording.Step>();
    var notes = new ArrayList<StepRecording.Note>();
    for (var entry : shown) {
      switch (entry) {
        case Recording.Step step -> steps.add(step(step));
        case Recording.Note(var task, var text) ->
            notes.add(new StepRecording.Note(steps.size(), lane(task), text));
      }
    }
    return new StepRecording(title, facts, tasks, steps, notes, recording.graph());
  }

  /** Numbers the steps as the report does; one that it leaves out has the number of the last. */
  private void number(Set<Recording.Entry> shown) {
    int number = 0;
    for (var entry : recording.all()) {
      if (entry instanceof Recording.Step step) {
        number += shown.contains(step) ? 1 : 0;
        numbers.put(step, number);
      }
    }
  }

  private StepRecording.Step step(Recording.Step step) {
    var woken = step.woken;
    var after = woken.after();
    return new StepRecording.Step(
        lane(step.task),
        step.text(),
        after == null ? 0 : numbers.getOrDefault(after, 0),
        woken.by(),
        lane(woken.waker()),
        step.waitsFor);
  }

  private int lane(int task) {
    return lanes.getOrDefault(task, -1);
  }

  private static Ending ending(Future.State state) {
    return switch (state) {
      case RUNNING -> Ending.NONE;
      case SUCCESS -> Ending.SUCCESS;
      case FAILED -> Ending.FAILURE;
      case CANCELLED -> Ending.CANCELLATION;
    };
  }
}
