package dev.segue.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A recording of one loop, as lints look at it, and what they have found. */
final class LoopFacts {
  /** What is longer than this is worth a finding. */
  static final long LONG_NANOS = 100_000_000;

  /** A finding and what it is worth. */
  record Weighed(long nanos, Finding finding) {}

  final LoopRecording loop;
  final List<Weighed> found = new ArrayList<>();
  private final int index;
  private final List<Mark> marks;
  private final Map<Long, TaskRecord> tasks = new HashMap<>();
  private final Map<Long, List<Span>> spans = new HashMap<>();
  private final List<Span> holds;

  LoopFacts(int index, Recording recording) {
    this.index = index;
    this.marks = recording.marks();
    loop = recording.loops().get(index);
    loop.tasks().forEach(task -> tasks.put(task.id(), task));
    loop.spans()
        .forEach(span -> spans.computeIfAbsent(span.task(), _ -> new ArrayList<>()).add(span));
    holds =
        loop.spans().stream()
            .filter(span -> span.state() == State.RUNNING && span.nanos() >= LONG_NANOS)
            .sorted(Comparator.comparingLong(Span::nanos).reversed())
            .toList();
  }

  /** The spans of each task, in the order of time. */
  Map<Long, List<Span>> spans() {
    return spans;
  }

  /** The spans in which a task held the loop for long, the longest first. */
  List<Span> holds() {
    return holds;
  }

  /** For how long of a span other tasks held the loop for long. */
  long heldWithin(Span span) {
    return holds.stream().mapToLong(hold -> overlap(span, hold)).sum();
  }

  static long overlap(Span one, Span other) {
    return Math.max(0, Math.min(one.to(), other.to()) - Math.max(one.from(), other.from()));
  }

  @Nullable TaskRecord task(long id) {
    return tasks.get(id);
  }

  /** Whether a graph shows that a task ended while it held a lock. */
  boolean abandoned(long id) {
    return loop.graphs().stream()
        .flatMap(graph -> graph.nodes().stream())
        .anyMatch(node -> node.abandoned() > 0 && node.task() == id);
  }

  String name(long id) {
    var task = tasks.get(id);
    return task == null ? "task-" + id : task.name();
  }

  /** What a task said first in a span, as {@code " (“THREE received”)"}; empty if nothing. */
  String said(Span span) {
    return marks.stream()
        .filter(mark -> mark.loop() != null && mark.loop() == index && mark.task() == span.task())
        .filter(mark -> mark.at() >= span.from() && mark.at() <= span.to())
        .map(mark -> " (“" + mark.text() + "”)")
        .findFirst()
        .orElse("");
  }

  /** A line of a task: where it waits, if that is known. */
  @Nullable StackTraceElement line(long id) {
    var task = tasks.get(id);
    if (task == null) {
      return null;
    }
    return task.waitedAt() != null
        ? task.waitedAt()
        : task.yieldedAt() != null ? task.yieldedAt() : task.createdAt();
  }

  /** Adds a finding; the title gets the line, and a full stop. */
  void add(
      Lint lint,
      long weight,
      long task,
      long from,
      long to,
      String title,
      String advice,
      @Nullable StackTraceElement where) {
    var sentence = title + Frames.at(where) + ".";
    found.add(
        new Weighed(weight, new Finding(lint, sentence, advice, index, task, from, to, where)));
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
