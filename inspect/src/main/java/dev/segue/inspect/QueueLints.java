package dev.segue.inspect;

import static dev.segue.inspect.LoopFacts.LONG_NANOS;
import static dev.segue.inspect.LoopFacts.text;

import dev.segue.Waiting;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/** Lints of queues that are always full, or always empty. */
final class QueueLints {
  private static final double NEARLY_ALWAYS = 0.9;
  private static final int SOME_WAITS = 10;

  /** A queue is as empty as it should be where little comes. */
  private static final long BUSY_NANOS = 10_000_000;

  private final LoopFacts facts;

  QueueLints(LoopFacts facts) {
    this.facts = facts;
  }

  void look() {
    var byQueue = new HashMap<Long, List<Span>>();
    for (var span : facts.loop.spans()) {
      if (span.waitsFor() == Waiting.Kind.QUEUE || span.waitsFor() == Waiting.Kind.ROOM) {
        byQueue.computeIfAbsent(span.number(), _ -> new ArrayList<>()).add(span);
      }
    }
    byQueue.forEach(this::look);
  }

  private void look(long queue, List<Span> waits) {
    long from = waits.stream().mapToLong(Span::from).min().orElse(0);
    long to = waits.stream().mapToLong(Span::to).max().orElse(0);
    if (to - from < LONG_NANOS) {
      return;
    }
    var forRoom = waits.stream().filter(span -> span.waitsFor() == Waiting.Kind.ROOM).toList();
    var forItems = waits.stream().filter(span -> span.waitsFor() == Waiting.Kind.QUEUE).toList();
    if (forRoom.size() >= SOME_WAITS && covered(forRoom) >= NEARLY_ALWAYS * (to - from)) {
      var longest = longest(forRoom);
      add(
          Lint.FULL_QUEUE,
          covered(forRoom),
          longest,
          from,
          to,
          "Queue %d was full nearly all of %s: task '%s' and others waited %,d times for room"
              .formatted(queue, text(to - from), facts.name(longest.task()), forRoom.size()),
          "The tasks that take are the bottleneck: have more of them, or have each do less. A"
              + " larger queue would only be full later.");
    }
    long takers = forItems.stream().mapToLong(Span::task).distinct().count();
    long idle = forItems.stream().mapToLong(Span::nanos).sum();
    if (takers > 1
        && forItems.size() >= SOME_WAITS
        && (to - from) / forItems.size() <= BUSY_NANOS
        && idle >= NEARLY_ALWAYS * takers * (to - from)) {
      var longest = longest(forItems);
      add(
          Lint.EMPTY_QUEUE,
          0,
          longest,
          from,
          to,
          "Queue %d was empty nearly all of %s: task '%s' and others waited %,d times for an item"
              .formatted(queue, text(to - from), facts.name(longest.task()), forItems.size()),
          "The tasks that put are the bottleneck: the " + takers + " that take could be fewer.");
    }
  }

  private void add(
      Lint lint, long weight, Span longest, long from, long to, String title, String advice) {
    facts.add(lint, weight, longest.task(), from, to, title, advice, facts.line(longest.task()));
  }

  private static Span longest(List<Span> spans) {
    return spans.stream().max(Comparator.comparingLong(Span::nanos)).orElseThrow();
  }

  /** How long at least one of the spans lasted. */
  private static long covered(List<Span> spans) {
    var sorted = spans.stream().sorted(Comparator.comparingLong(Span::from)).toList();
    long covered = 0;
    long end = 0;
    for (var span : sorted) {
      covered += Math.max(0, span.to() - Math.max(end, span.from()));
      end = Math.max(end, span.to());
    }
    return covered;
  }
}
