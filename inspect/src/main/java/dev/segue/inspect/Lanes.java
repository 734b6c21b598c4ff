package dev.segue.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recording in rows, as the page shows it: each loop, and below it its tasks as a tree. */
final class Lanes {
  /**
   * One row.
   *
   * @param loop the index of the loop
   * @param name the name of the task, or of the loop
   * @param task the task; null for the loop itself
   * @param depth how far below its loop
   * @param spans in the order of time
   */
  record Lane(int loop, String name, @Nullable TaskRecord task, int depth, List<Span> spans) {}

  private final List<Lane> lanes = new ArrayList<>();

  private Lanes() {}

  static List<Lane> of(List<LoopRecording> loops) {
    var all = new Lanes();
    for (int i = 0; i < loops.size(); i++) {
      all.addLoop(i, loops.get(i));
    }
    return all.lanes;
  }

  private void addLoop(int index, LoopRecording loop) {
    lanes.add(new Lane(index, loop.name(), null, 0, busy(loop)));
    var spans = new HashMap<Long, List<Span>>();
    for (var span : loop.spans()) {
      spans.computeIfAbsent(span.task(), _ -> new ArrayList<>()).add(span);
    }
    var known = new HashMap<Long, TaskRecord>();
    loop.tasks().forEach(task -> known.put(task.id(), task));
    var children = new HashMap<Long, List<TaskRecord>>();
    for (var task : loop.tasks()) {
      long parent = known.containsKey(task.parent()) ? task.parent() : 0;
      children.computeIfAbsent(parent, _ -> new ArrayList<>()).add(task);
    }
    // A stack and no recursion: tasks may be nested as deep as there are tasks.
    var open = new ArrayList<Lane>();
    push(open, index, 1, children.getOrDefault(0L, List.of()), spans);
    while (!open.isEmpty()) {
      var lane = open.removeLast();
      lanes.add(lane);
      var task = lane.task();
      if (task != null) {
        push(open, index, lane.depth() + 1, children.getOrDefault(task.id(), List.of()), spans);
      }
    }
  }

  private static void push(
      List<Lane> open, int loop, int depth, List<TaskRecord> tasks, Map<Long, List<Span>> spans) {
    for (var task : tasks.reversed()) {
      var its = spans.getOrDefault(task.id(), List.of());
      open.add(new Lane(loop, task.name(), task, depth, its));
    }
  }

  /** When any task ran. */
  private static List<Span> busy(LoopRecording loop) {
    var running =
        loop.spans().stream()
            .filter(span -> span.state() == State.RUNNING)
            .sorted(Comparator.comparingLong(Span::from))
            .toList();
    var busy = new ArrayList<Span>();
    for (var span : running) {
      var last = busy.isEmpty() ? null : busy.getLast();
      if (last != null && span.from() <= last.to()) {
        busy.removeLast();
        busy.add(running(last.from(), Math.max(last.to(), span.to())));
      } else {
        busy.add(running(span.from(), span.to()));
      }
    }
    return busy;
  }

  private static Span running(long from, long to) {
    return new Span(0, State.RUNNING, from, to, null, 0, null, 0);
  }
}
