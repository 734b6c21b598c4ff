package dev.segue.inspect;

import dev.segue.inspect.Lanes.Box;
import dev.segue.inspect.Lanes.Kind;
import dev.segue.inspect.Lanes.Lane;
import dev.segue.inspect.StepRecording.Note;
import dev.segue.inspect.StepRecording.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rows of a {@link StepRecording}: one for what was done to the tasks, and one for each. */
final class StepLanes {
  /** How long a step is, so that there is something in it. */
  private static final long STEP = 1_000;

  private final StepRecording recording;
  private final Map<String, Integer> reasons = new LinkedHashMap<>(Map.of("", 0));
  private final List<Lane> lanes = new ArrayList<>();

  private StepLanes(StepRecording recording) {
    this.recording = recording;
  }

  static StepLanes of(StepRecording recording) {
    var all = new StepLanes(recording);
    all.lanes.add(new Lane(Kind.GROUP, -1, 0, "explorer", null, 0, List.of()));
    for (int task = 0; task < recording.tasks().size(); task++) {
      all.lanes.add(all.lane(task));
    }
    return all;
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** What page.js needs to know besides the lanes. */
  Map<String, Object> head() {
    long length = recording.steps().size() * STEP;
    return Map.ofEntries(
        Map.entry("step", STEP),
        Map.entry("length", length),
        Map.entry("held", length + 1), // no step is longer than another
        Map.entry("facts", recording.facts()),
        Map.entry("order", List.of()),
        Map.entry("kinds", List.copyOf(reasons.keySet())),
        Map.entry("findings", findings(length)),
        Map.entry("marks", marks()),
        Map.entry("notes", recording.notes().stream().map(StepLanes::note).toList()),
        Map.entry("updates", List.of()));
  }

  /** For each step the lane, a time in it, the text, and what the task then waits for. */
  private List<List<Object>> marks() {
    var marks = new ArrayList<List<Object>>();
    for (var step : recording.steps()) {
      marks.add(
          List.of(laneOf(step.task()), marks.size() * STEP + 1, step.text(), step.waitsFor()));
    }
    return marks;
  }

  private static List<Object> note(Note note) {
    return List.of(laneOf(note.task()), note.after() * STEP + 1, note.text());
  }

  private List<Map<String, Object>> findings(long length) {
    var findings = new ArrayList<Map<String, Object>>();
    var steps = recording.steps();
    int last = steps.isEmpty() ? 0 : laneOf(steps.getLast().task());
    var lines = recording.title().lines().toList();
    findings.add(
        finding(
            lines.isEmpty() ? "" : lines.getFirst(),
            lines.stream().skip(1).collect(Collectors.joining(" ")),
            last,
            Math.max(0, length - STEP),
            length));
    for (var note : recording.notes().stream().filter(each -> each.task() >= 0).toList()) {
      long at = note.after() * STEP;
      findings.add(
          finding(
              note.after() == 0 ? "At the beginning:" : "After step " + note.after() + ":",
              note.text(),
              laneOf(note.task()),
              Math.max(0, at - STEP),
              Math.min(length, at + STEP)));
    }
    return findings;
  }

  private Map<String, Object> finding(String title, String advice, int lane, long from, long to) {
    return Map.of(
        "title", title,
        "advice", advice,
        "graph", false,
        "update", false,
        "lane", lane,
        "from", from,
        "to", to);
  }

  /** The lane of a task; that of the explorer for -1. */
  private static int laneOf(int task) {
    return task + 1;
  }

  private static long id(int task) {
    return task + 1L;
  }

  private Lane lane(int task) {
    var steps = recording.steps();
    var name = recording.tasks().get(task).name();
    var boxes = new ArrayList<Box>();
    Step before = null;
    long since = 0; // where that ended
    long ran = 0;
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      if (step.task() == task) {
        long begin = i * STEP;
        long ready = Math.clamp(step.readyAfter() * STEP, since, begin);
        if (before != null) {
          addWait(boxes, since, ready, before);
        }
        addReady(boxes, State.READY, ready, begin, step);
        addReady(boxes, State.RUNNING, begin, begin + STEP, step);
        before = step;
        since = begin + STEP;
        ran++;
      }
    }
    if (recording.tasks().get(task).ending() == Ending.NONE && before != null) {
      addWait(boxes, since, steps.size() * STEP, before);
    }
    return new Lane(Kind.TASK, 0, 0, name, record(task, ran, boxes), 1, boxes);
  }

  /** What a task does after a step, until something lets it run again. */
  private void addWait(List<Box> boxes, long from, long to, Step after) {
    var state = after.waitsFor().isEmpty() ? State.READY : State.WAITING;
    if (from < to) {
      boxes.add(new Box(state, from, to, why(after.waitsFor()), 0, 0, 0));
    }
  }

  /** What it does once it may make a step. */
  private static void addReady(List<Box> boxes, State state, long from, long to, Step step) {
    if (from < to) {
      boolean nameless =
          switch (step.wokenBy()) {
            case START, TASK -> step.waker() < 0; // a task that has no lane
            case TIMER, THREAD, YIELD -> false;
          };
      int wake = nameless ? 0 : 1 + step.wokenBy().ordinal();
      boxes.add(new Box(state, from, to, 0, 0, wake, step.waker() < 0 ? 0 : id(step.waker())));
    }
  }

  private int why(String reason) {
    return reasons.computeIfAbsent(reason, _ -> reasons.size());
  }

  private TaskRecord record(int task, long steps, List<Box> boxes) {
    var all = recording.tasks().get(task);
    return new TaskRecord(
        id(task),
        all.name(),
        0,
        Duration.ZERO,
        all.ending(),
        Duration.ZERO,
        steps,
        sum(boxes, State.RUNNING),
        sum(boxes, State.READY),
        sum(boxes, State.WAITING),
        Duration.ofNanos(STEP),
        0,
        null,
        null,
        null);
  }

  private static Duration sum(List<Box> boxes, State state) {
    return Duration.ofNanos(
        boxes.stream().filter(box -> box.state() == state).mapToLong(Box::nanos).sum());
  }
}
