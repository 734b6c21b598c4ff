package dev.segue.inspect;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A recording in rows, as the page shows it: each loop, and below it its tasks as a tree; each
 * group of threads, and below it its threads.
 */
final class Lanes {
  /** What a row is of. */
  enum Kind {
    LOOP,
    TASK,
    GROUP,
    THREAD
  }

  /**
   * One row.
   *
   * @param kind what it is of
   * @param loop the index of the loop; -1 if there is none
   * @param id of the thread; 0 if it is none
   * @param name the name of the task, the loop, the group or the thread
   * @param task the task; null if it is none
   * @param depth how far below its loop or group
   * @param boxes in the order of time
   */
  record Lane(
      Kind kind,
      int loop,
      long id,
      String name,
      @Nullable TaskRecord task,
      int depth,
      List<Box> boxes) {}

  /**
   * A span of any kind, in numbers.
   *
   * @param why the index of {@link #reasons}: what it waits for, or does
   * @param number of what it waits for
   * @param wake one more than the ordinal of a {@link Wake}, or 0
   * @param waker the id of a task, or 0
   */
  record Box(State state, long from, long to, int why, long number, int wake, long waker) {
    long nanos() {
      return to - from;
    }
  }

  private final List<Lane> lanes = new ArrayList<>();
  private final Map<String, Integer> reasons = new LinkedHashMap<>(Map.of("", 0));

  private final long length;
  private final List<String> order;

  private Lanes(long length, List<String> order) {
    this.length = length;
    this.order = order;
  }

  /** Those of a recording: what is named first, and what began first, is first. */
  static Lanes of(Recording recording, List<String> order) {
    var all = new Lanes(recording.length().toNanos(), order);
    var parts = new ArrayList<List<Lane>>();
    for (int i = 0; i < recording.loops().size(); i++) {
      parts.add(all.loop(i, recording.loops().get(i)));
    }
    recording.pools().forEach(pool -> parts.add(all.pool(pool)));
    recording.threads().stream()
        .collect(groupingBy(ThreadRecording::group, LinkedHashMap::new, toList()))
        .forEach((group, threads) -> parts.add(all.group(group, threads)));
    parts.stream()
        .sorted(Comparator.comparingInt(all::place).thenComparingLong(Lanes::begin))
        .forEach(all.lanes::addAll);
    return all;
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** Names that come first, and that are the whole title. */
  List<String> order() {
    return order;
  }

  /** What is waited for, or done, as a text; the first is none. */
  List<String> reasons() {
    return List.copyOf(reasons.keySet());
  }

  private int place(List<Lane> part) {
    int place = order.indexOf(part.getFirst().name());
    return place < 0 ? order.size() : place;
  }

  private static long begin(List<Lane> part) {
    return part.stream()
        .flatMap(lane -> lane.boxes().stream().limit(1))
        .mapToLong(Box::from)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private int why(String reason) {
    return reasons.computeIfAbsent(reason, _ -> reasons.size());
  }

  // --- threads

  private List<Lane> group(String group, List<ThreadRecording> threads) {
    var part = new ArrayList<Lane>();
    part.add(new Lane(Kind.GROUP, -1, 0, group, null, 0, List.of()));
    for (var thread : threads) {
      var boxes =
          thread.spans().stream()
              .map(
                  each -> new Box(each.state(), each.from(), each.to(), why(each.doing()), 0, 0, 0))
              .toList();
      part.add(new Lane(Kind.THREAD, -1, thread.id(), thread.name(), null, 1, boxes));
    }
    return part;
  }

  private List<Lane> pool(PoolRecording pool) {
    var part = new ArrayList<Lane>();
    var title = order.contains(pool.name()) ? pool.name() : "pool " + pool.name();
    part.add(new Lane(Kind.GROUP, -1, 0, title, null, 0, List.of()));
    var ran = pool.begunByWorker();
    for (var worker : pool.workers()) {
      var boxes = ran.getOrDefault(worker.name(), List.of()).stream().map(this::box).toList();
      part.add(new Lane(Kind.THREAD, -1, 0, worker.name(), null, 1, boxes));
    }
    return part;
  }

  private Box box(PoolTaskRecord task) {
    var name = task.title();
    long end = task.ended() < 0 ? length : Math.max(task.began(), task.ended());
    var why = name + ", submitted by " + task.submitter();
    return new Box(State.RUNNING, task.began(), end, why(why), 0, 0, 0);
  }

  // --- loops

  private List<Lane> loop(int index, LoopRecording loop) {
    var part = new ArrayList<Lane>();
    part.add(new Lane(Kind.LOOP, index, 0, loop.name(), null, 0, busy(loop)));
    var boxes = new HashMap<Long, List<Box>>();
    for (var span : loop.spans()) {
      boxes.computeIfAbsent(span.task(), _ -> new ArrayList<>()).add(box(span));
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
    push(open, index, 1, children.getOrDefault(0L, List.of()), boxes);
    while (!open.isEmpty()) {
      var lane = open.removeLast();
      part.add(lane);
      var task = lane.task();
      if (task != null) {
        push(open, index, lane.depth() + 1, children.getOrDefault(task.id(), List.of()), boxes);
      }
    }
    return part;
  }

  private Box box(Span span) {
    var waitsFor = span.waitsFor();
    var by = span.wokenBy();
    return new Box(
        span.state(),
        span.from(),
        span.to(),
        waitsFor == null ? 0 : why(text(waitsFor)),
        span.number(),
        by == null ? 0 : 1 + by.ordinal(),
        span.waker());
  }

  static String text(Waiting.Kind kind) {
    return switch (kind) {
      case SLEEP -> "sleep";
      case TASK -> "for task";
      case TASKS -> "for the next of several tasks";
      case GROUP -> "for the tasks of a group";
      case LOCK -> "for lock";
      case CONDITION -> "for a condition of lock";
      case SEMAPHORE -> "for semaphore";
      case EVENT -> "for event";
      case QUEUE -> "for an item of queue";
      case ROOM -> "for room in queue";
      case JOIN -> "for the last item of queue";
      case BARRIER -> "at barrier";
      case FUTURE -> "for a future";
      case THREAD -> "for a thread";
      case EXECUTOR -> "for an executor";
      case INPUT -> "for input";
      case JDK -> "in a JDK wait";
    };
  }

  private static void push(
      List<Lane> open, int loop, int depth, List<TaskRecord> tasks, Map<Long, List<Box>> boxes) {
    for (var task : tasks.reversed()) {
      var its = boxes.getOrDefault(task.id(), List.of());
      open.add(new Lane(Kind.TASK, loop, 0, task.name(), task, depth, its));
    }
  }

  /** When any task ran. */
  private static List<Box> busy(LoopRecording loop) {
    var running =
        loop.spans().stream()
            .filter(span -> span.state() == State.RUNNING)
            .sorted(Comparator.comparingLong(Span::from))
            .toList();
    var busy = new ArrayList<Box>();
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

  private static Box running(long from, long to) {
    return new Box(State.RUNNING, from, to, 0, 0, 0, 0);
  }
}
