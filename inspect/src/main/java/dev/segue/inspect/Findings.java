package dev.segue.inspect;

import dev.segue.Wake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What stands out in a recording of one loop, the longest first. */
final class Findings {
  /** A step that is as long holds the loop: what asyncio's debug mode reports too. */
  static final long HELD_NANOS = Duration.ofMillis(100).toNanos();

  private static final long READY_NANOS = Duration.ofMillis(100).toNanos();
  private static final int MANY_YIELDS = 1_000;
  private static final int MANY_TASKS = 1_000;

  private record Weighed(long nanos, Finding finding) {}

  private final int index;
  private final LoopRecording loop;
  private final Map<Long, TaskRecord> tasks = new HashMap<>();
  private final List<Span> holds;
  private final List<Weighed> found = new ArrayList<>();

  private Findings(int index, LoopRecording loop) {
    this.index = index;
    this.loop = loop;
    loop.tasks().forEach(task -> tasks.put(task.id(), task));
    holds =
        loop.spans().stream()
            .filter(span -> span.state() == State.RUNNING && span.nanos() >= HELD_NANOS)
            .sorted(Comparator.comparingLong(Span::nanos).reversed())
            .toList();
  }

  /** What stands out in all loops. */
  static List<Finding> of(List<LoopRecording> loops) {
    var all = new ArrayList<Weighed>();
    for (int i = 0; i < loops.size(); i++) {
      var findings = new Findings(i, loops.get(i));
      findings.addHolds();
      findings.addReady();
      findings.addYields();
      findings.addGrowth();
      all.addAll(findings.found);
    }
    all.sort(Comparator.comparingLong(Weighed::nanos).reversed());
    return all.stream().map(Weighed::finding).toList();
  }

  private void add(long weight, long task, long from, long to, String title, String advice) {
    found.add(new Weighed(weight, new Finding(title, advice, index, task, from, to)));
  }

  private void addHolds() {
    var told = new HashMap<Long, Boolean>();
    for (var hold : holds) {
      if (told.put(hold.task(), true) == null) {
        long times = holds.stream().filter(other -> other.task() == hold.task()).count();
        add(
            hold.nanos(),
            hold.task(),
            hold.from(),
            hold.to(),
            "Task '%s' held loop '%s' for %s%s."
                .formatted(
                    name(hold.task()),
                    loop.name(),
                    text(hold.nanos()),
                    times == 1 ? "" : ", and " + (times - 1) + " more times"),
            delayed(hold)
                + "What blocks belongs into Async.toThread; a long computation can call"
                + " Async.checkpoint().");
      }
    }
  }

  private String delayed(Span hold) {
    long others =
        loop.spans().stream()
            .filter(span -> span.state() == State.READY && overlap(span, hold) > 0)
            .mapToLong(Span::task)
            .distinct()
            .count();
    return switch ((int) Math.min(2, others)) {
      case 0 -> "";
      case 1 -> "Another task could run meanwhile, and did not. ";
      default -> others + " other tasks could run meanwhile, and did not. ";
    };
  }

  private void addReady() {
    var ready = new HashMap<Long, List<Span>>();
    for (var span : loop.spans()) {
      if (span.state() == State.READY) {
        ready.computeIfAbsent(span.task(), _ -> new ArrayList<>()).add(span);
      }
    }
    ready.forEach((id, spans) -> {
      long nanos = spans.stream().mapToLong(Span::nanos).sum();
      long held = spans.stream().mapToLong(this::heldWithin).sum();
      var task = tasks.get(id);
      long life = task == null ? Long.MAX_VALUE : life(task);
      if (nanos - held >= READY_NANOS && nanos > life / 2) {
        add(
            nanos,
            id,
            spans.getFirst().from(),
            spans.getLast().to(),
            "Task '%s' spent %s of %s waiting for its turn."
                .formatted(name(id), text(nanos), text(life)),
            "No single task held the loop: there is more to do than one thread can. Move work to"
                + " threads or processes, or use more loops.");
      }
    });
  }

  private static long life(TaskRecord task) {
    return task.ended().minus(task.created()).toNanos();
  }

  private long heldWithin(Span span) {
    return holds.stream().mapToLong(hold -> overlap(span, hold)).sum();
  }

  private static long overlap(Span one, Span other) {
    return Math.max(0, Math.min(one.to(), other.to()) - Math.max(one.from(), other.from()));
  }

  private void addYields() {
    var yields = new HashMap<Long, List<Span>>();
    for (var span : loop.spans()) {
      if (span.state() == State.RUNNING && span.wokenBy() == Wake.YIELD) {
        yields.computeIfAbsent(span.task(), _ -> new ArrayList<>()).add(span);
      }
    }
    yields.forEach((id, spans) -> {
      if (spans.size() >= MANY_YIELDS) {
        add(
            spans.stream().mapToLong(Span::nanos).sum(),
            id,
            spans.getFirst().from(),
            spans.getLast().to(),
            "Task '%s' let the others run %,d times, and waited for nothing."
                .formatted(name(id), spans.size()),
            "A loop around Async.checkpoint() keeps the processor busy: wait for an AsyncEvent or an"
                + " AsyncCondition, or sleep.");
      }
    });
  }

  private void addGrowth() {
    var live = loop.tasks().stream().filter(task -> task.ending() == Ending.NONE).toList();
    long ended = loop.tasks().size() - live.size() + loop.lostTasks();
    if (live.size() >= MANY_TASKS && live.size() > ended) {
      var oldest = live.getFirst();
      add(
          0,
          oldest.id(),
          oldest.created().toNanos(),
          oldest.ended().toNanos(),
          "%,d tasks of loop '%s' have not ended, and only %,d have."
              .formatted(live.size(), loop.name(), ended),
          "If that goes on, memory runs out: limit what is begun, with Async.forEach or an"
              + " AsyncSemaphore.");
    }
  }

  private String name(long id) {
    var task = tasks.get(id);
    return task == null ? "task-" + id : task.name();
  }

  /** A duration in words. */
  static String text(long nanos) {
    if (nanos >= 1_000_000_000) {
      return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
    }
    return nanos >= 10_000_000
        ? nanos / 1_000_000 + " ms"
        : String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
