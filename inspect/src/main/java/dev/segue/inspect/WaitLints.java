package dev.segue.inspect;

import static dev.segue.inspect.LoopFacts.LONG_NANOS;
import static dev.segue.inspect.LoopFacts.overlap;
import static dev.segue.inspect.LoopFacts.text;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lints of waits that hold others up: rings, and locks held meanwhile. */
final class WaitLints {
  private static final int FIRST_WAITS = 3;

  /** What an abandoned lock is worth: as certain as a lost update. */
  private static final long ABANDONED = Long.MAX_VALUE - 2;

  /** What a loop calls the task that it runs, and no thread submits. */
  private static final String MAIN = "main";

  private final LoopFacts facts;

  WaitLints(LoopFacts facts) {
    this.facts = facts;
  }

  void look() {
    addRings();
    addStuck();
    addHeldLocks();
    addAbandonedLocks();
  }

  // --- rings

  private void addRings() {
    var told = new HashSet<String>();
    for (var graph : facts.loop.graphs()) {
      for (var ring : graph.rings()) {
        var waits = graph.describe(ring);
        if (told.add(waits)) {
          var first = graph.nodes().get(ring.getFirst());
          boolean breaks = graph.willBreak(ring);
          facts.add(
              Lint.DEADLOCK,
              Long.MAX_VALUE,
              first.task(),
              Math.max(0, graph.at() - LONG_NANOS),
              graph.at(),
              (breaks ? "Only a time-out will end this: " : "Deadlock: ") + waits,
              graph.ringEdges(ring).stream().allMatch(edge -> edge.via().isEmpty())
                  ? "None of them can end before the others: have the task that created them wait"
                      + " for them, and pass what one needs of another through a CompletableFuture."
                  : "Have all tasks take their locks in the same order, or hold none while they"
                      + " wait for another task.",
              graph.nodes().stream()
                  .filter(node -> ring.contains(graph.nodes().indexOf(node)))
                  .map(WaitGraph.Node::where)
                  .filter(where -> where != null)
                  .findFirst()
                  .orElse(null));
        }
      }
    }
  }

  private void addStuck() {
    if (facts.loop.graphs().isEmpty()) {
      return;
    }
    var graph = facts.loop.graphs().getLast();
    if (!graph.stuck()
        || !graph.rings().isEmpty()
        || hasWorkFromOutside()
        || waitingNanos() < LONG_NANOS) {
      return;
    }
    // What nothing brings comes before the tasks that wait for those tasks.
    var edges =
        graph.edges().stream()
            .sorted(Comparator.comparing(edge -> graph.nodes().get(edge.to()).count() > 0))
            .toList();
    var first = graph.nodes().get(edges.getFirst().from());
    var waits = edges.stream().limit(FIRST_WAITS).map(graph::describe).toList();
    facts.add(
        Lint.NOTHING_LEFT_TO_RUN,
        0,
        first.task(),
        Math.max(0, graph.at() - waitingNanos()),
        graph.at(),
        "All tasks of loop '%s' wait, and none of them can wake another: %s%s"
            .formatted(
                facts.loop.name(),
                String.join("; ", waits),
                graph.edges().size() > FIRST_WAITS ? "; and so on" : ""),
        "Unless another thread brings what they wait for, that is a deadlock: see who should have"
            + " released, set or put it.",
        first.where());
  }

  /**
   * Whether other threads submit tasks to the loop, as they do to one that was started to serve
   * them: then all is well when its tasks wait for more.
   */
  private boolean hasWorkFromOutside() {
    return facts.loop.tasks().stream()
        .anyMatch(task -> task.parent() == 0 && !task.name().equals(MAIN));
  }

  /** For how long all tasks that live have waited. */
  private long waitingNanos() {
    return facts.loop.tasks().stream()
        .filter(task -> task.ending() == Ending.NONE)
        .mapToLong(task -> {
          var last = facts.spans().getOrDefault(task.id(), List.of());
          return last.isEmpty() || last.getLast().state() != State.WAITING
              ? 0
              : last.getLast().nanos();
        })
        .min()
        .orElse(0);
  }

  // --- locks

  /** A time in which a task waited for a lock that another held and, at its end, handed over. */
  private record LockWait(Span span, long holder) {}

  private void addHeldLocks() {
    var byHolder = new HashMap<List<Long>, List<LockWait>>(); // and by lock
    facts
        .spans()
        .forEach((id, spans) -> {
          for (int i = 0; i < spans.size(); i++) {
            var span = spans.get(i);
            if (span.waitsFor() == Waiting.Kind.LOCK && span.nanos() >= LONG_NANOS) {
              long holder = i + 1 < spans.size() ? waker(spans.get(i + 1)) : holderNow(id);
              if (holder != 0) {
                byHolder
                    .computeIfAbsent(List.of(holder, span.number()), _ -> new ArrayList<>())
                    .add(new LockWait(span, holder));
              }
            }
          }
        });
    byHolder.values().forEach(this::addHeldLock);
  }

  private static long waker(Span next) {
    return next.wokenBy() == Wake.TASK ? next.waker() : 0;
  }

  /** The task that holds the lock which a task waits for as the recording ends; 0 if unknown. */
  private long holderNow(long waiter) {
    for (var graph : facts.loop.graphs()) {
      for (var edge : graph.edges()) {
        if (graph.nodes().get(edge.from()).task() == waiter && edge.via().startsWith("lock ")) {
          return graph.nodes().get(edge.to()).task();
        }
      }
    }
    return 0;
  }

  /**
   * What the holder waited for while others waited for its lock it waited for with the lock: those
   * that wait get it in the order in which they came, so either it had it before, or its only
   * earlier wait was for the same lock.
   */
  private void addHeldLock(List<LockWait> waits) {
    long holder = waits.getFirst().holder();
    long lock = waits.getFirst().span().number();
    Span longest = null;
    long nanos = 0;
    for (var own : facts.spans().getOrDefault(holder, List.of())) {
      if (own.state() == State.WAITING && !isFor(own, lock)) {
        long held = waits.stream().mapToLong(wait -> overlap(own, wait.span())).max().orElse(0);
        if (held > nanos) {
          nanos = held;
          longest = own;
        }
      }
    }
    if (longest == null || nanos < LONG_NANOS) {
      return;
    }
    var others = waits.stream().map(wait -> wait.span().task()).distinct().count();
    facts.add(
        Lint.HELD_LOCK,
        nanos,
        holder,
        longest.from(),
        longest.to(),
        "Task '%s' held lock %d while it waited for %s, and %s waited for the lock"
            .formatted(
                facts.name(holder),
                lock,
                text(longest.nanos()),
                others == 1 ? "another task" : others + " other tasks"),
        "Wait before the lock is taken, or after it is released; or have one task own what the lock"
            + " protects, and a queue to it.",
        line(holder));
  }

  private void addAbandonedLocks() {
    for (var graph : facts.loop.graphs()) {
      for (int i = 0; i < graph.nodes().size(); i++) {
        var node = graph.nodes().get(i);
        if (node.abandoned() > 0) {
          addAbandonedLock(graph, node, i);
        }
      }
    }
  }

  private void addAbandonedLock(WaitGraph graph, WaitGraph.Node holder, int index) {
    long lock = holder.abandoned();
    int waiters =
        graph.edges().stream()
            .filter(edge -> edge.to() == index && edge.via().equals("lock " + lock))
            .mapToInt(edge -> graph.nodes().get(edge.from()).count())
            .sum();
    var task = facts.task(holder.task());
    var acquired = acquired(holder.task(), lock);
    facts.add(
        Lint.ABANDONED_LOCK,
        ABANDONED,
        holder.task(),
        Math.max(0, graph.at() - LONG_NANOS),
        graph.at(),
        "Lock %d is held by task '%s', which ended at %s%s%s"
            .formatted(
                lock,
                holder.name(),
                text(graph.at()),
                switch (waiters) {
                  case 0 -> "";
                  case 1 -> ", while another task waited for it";
                  default -> ", while " + waiters + " other tasks waited for it";
                },
                acquired == null ? "; the task was created there" : ""),
        "Nobody can release it now, and each task that waits for it fails. Release it in every case:"
            + " try (var _ = lock.acquire()) { … }.",
        acquired != null || task == null ? acquired : task.createdAt());
  }

  /** The line at which a task waited for a lock, if that was the longest of its waits. */
  private @Nullable StackTraceElement acquired(long task, long lock) {
    var record = facts.task(task);
    return facts.spans().getOrDefault(task, List.of()).stream()
            .filter(span -> span.state() == State.WAITING)
            .max(Comparator.comparingLong(Span::nanos))
            .filter(span -> isFor(span, lock))
            .isPresent()
        ? record == null ? null : record.waitedAt()
        : null;
  }

  private static boolean isFor(Span span, long lock) {
    return span.waitsFor() == Waiting.Kind.LOCK && span.number() == lock;
  }

  /** Where a task waits now, or did longest. */
  private @Nullable StackTraceElement line(long task) {
    var past = facts.task(task);
    if (past != null && past.waitedAt() != null) {
      return past.waitedAt();
    }
    return facts.loop.graphs().stream()
        .flatMap(graph -> graph.nodes().stream())
        .filter(node -> node.task() == task)
        .map(WaitGraph.Node::where)
        .filter(where -> where != null)
        .reduce((_, last) -> last)
        .orElse(null);
  }
}
