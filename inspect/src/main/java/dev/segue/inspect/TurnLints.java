package dev.segue.inspect;

import static dev.segue.inspect.LoopFacts.LONG_NANOS;
import static dev.segue.inspect.LoopFacts.overlap;
import static dev.segue.inspect.LoopFacts.text;

import dev.segue.Stall;
import dev.segue.Wake;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lints of how tasks take turns: of what holds the loop, and of what waits for its turn. */
final class TurnLints {
  private final LoopFacts facts;
  private final Set<Long> longReady = new HashSet<>();

  TurnLints(LoopFacts facts) {
    this.facts = facts;
  }

  void look() {
    addHolds();
    addOwnWork();
    addLongReady();
    addLateTimers();
  }

  // --- what holds the loop

  private void addHolds() {
    var byKind = new HashMap<Map.Entry<Long, Lint>, List<Span>>();
    for (var hold : facts.holds()) {
      byKind
          .computeIfAbsent(Map.entry(hold.task(), lint(stall(hold))), _ -> new ArrayList<>())
          .add(hold);
    }
    byKind.forEach((kind, holds) -> addHold(kind.getValue(), holds));
  }

  private void addHold(Lint lint, List<Span> holds) {
    var hold = holds.getFirst(); // the longest
    var stall = holds.stream().map(this::stall).filter(TurnLints::isSeen).findFirst().orElse(null);
    int more = holds.size() - 1;
    facts.add(
        lint,
        hold.nanos(),
        hold.task(),
        hold.from(),
        hold.to(),
        "Task '%s'%s held loop '%s' for %s%s%s"
            .formatted(
                facts.name(hold.task()),
                facts.said(hold),
                facts.loop.name(),
                text(hold.nanos()),
                circumstances(stall(hold)),
                more == 0 ? "" : ", and " + more + (more == 1 ? " more time" : " more times")),
        delayed(hold) + advice(stall),
        stall == null ? null : Frames.first(stall.stack()));
  }

  private static String circumstances(@Nullable StallRecord stall) {
    return switch (stall == null ? null : stall.cause()) {
      case JDK_WAIT -> " in a JDK wait";
      case NATIVE_CALL -> " in a blocking system call";
      case CLASS_LOADING, CLASS_INITIALIZATION -> ", most of it to load and initialize classes";
      case NO_PROCESSOR -> ", most of it without a processor";
      case null, default -> "";
    };
  }

  private static Lint lint(@Nullable StallRecord stall) {
    return switch (stall == null ? null : stall.cause()) {
      case JDK_WAIT -> Lint.JDK_WAIT;
      case NATIVE_CALL -> Lint.SYSTEM_CALL;
      case null, default -> Lint.HELD_LOOP;
    };
  }

  private static String advice(@Nullable StallRecord stall) {
    if (stall == null || stall.cause() == Stall.Cause.UNKNOWN) {
      return "What blocks belongs into Async.toThread; a long computation can call"
          + " Async.checkpoint().";
    }
    var remedy = stall.cause().remedy();
    return Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".";
  }

  /** What the watchdog saw of a hold. */
  private @Nullable StallRecord stall(Span hold) {
    return facts.loop.stalls().stream()
        .filter(stall -> Holds.overlaps(hold, stall))
        .max(Comparator.comparingLong(stall -> stall.to() - stall.from()))
        .orElse(null);
  }

  private static boolean isSeen(@Nullable StallRecord stall) {
    return stall != null && !stall.stack().isEmpty();
  }

  private String delayed(Span hold) {
    long others =
        facts.loop.spans().stream()
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

  private void addOwnWork() {
    facts.loop.stalls().stream()
        .filter(stall -> stall.task() == 0 && stall.to() - stall.from() >= LONG_NANOS)
        .max(Comparator.comparingLong(stall -> stall.to() - stall.from()))
        .ifPresent(stall ->
            facts.add(
                Lint.HELD_LOOP,
                stall.to() - stall.from(),
                0,
                stall.from(),
                stall.to(),
                "Loop '%s' was held for %s by work of its own"
                    .formatted(facts.loop.name(), text(stall.to() - stall.from())),
                advice(stall),
                Frames.first(stall.stack())));
  }

  // --- what waits for its turn

  /** A task that was ready for long. */
  private record LongReady(long task, long nanos, long life, Span first, Span last) {}

  private void addLongReady() {
    var all = new ArrayList<LongReady>();
    facts
        .spans()
        .forEach((id, spans) -> {
          var ready = spans.stream().filter(span -> span.state() == State.READY).toList();
          long nanos = ready.stream().mapToLong(Span::nanos).sum();
          if (nanos >= LONG_NANOS) {
            long held = ready.stream().mapToLong(facts::heldWithin).sum();
            var task = facts.task(id);
            long life = task == null ? Long.MAX_VALUE : life(task);
            if (nanos - held >= LONG_NANOS && nanos > life / 2) {
              all.add(new LongReady(id, nanos, life, ready.getFirst(), ready.getLast()));
            }
          }
        });
    if (all.isEmpty()) {
      return;
    }
    all.forEach(each -> longReady.add(each.task));
    all.sort(Comparator.comparingLong(LongReady::nanos).reversed());
    var longest = all.getFirst();
    facts.add(
        Lint.LONG_READY,
        longest.nanos,
        longest.task,
        longest.first.from(),
        longest.last.to(),
        "Task '%s' spent %s of %s waiting for its turn%s"
            .formatted(
                facts.name(longest.task), text(longest.nanos), text(longest.life), others(all)),
        "No single task held the loop: there is more to do than one thread can. Move work to"
            + " threads or processes, or use more loops.",
        line(all.stream().map(LongReady::task)));
  }

  private static long life(TaskRecord task) {
    return task.ended().minus(task.created()).toNanos();
  }

  private static String others(Collection<?> all) {
    return switch (all.size()) {
      case 1 -> "";
      case 2 -> ", and so did another task";
      default -> ", and so did " + (all.size() - 1) + " other tasks";
    };
  }

  private @Nullable StackTraceElement line(Stream<Long> tasks) {
    return tasks.map(facts::line).filter(line -> line != null).findFirst().orElse(null);
  }

  private void addLateTimers() {
    var late =
        facts.loop.spans().stream()
            .filter(span ->
                span.state() == State.READY
                    && span.wokenBy() == Wake.TIMER
                    && span.nanos() - facts.heldWithin(span) >= LONG_NANOS
                    && !longReady.contains(span.task()))
            .sorted(Comparator.comparingLong(Span::nanos).reversed())
            .toList();
    if (late.isEmpty()) {
      return;
    }
    var latest = late.getFirst();
    facts.add(
        Lint.LATE_TIMER,
        latest.nanos(),
        latest.task(),
        latest.from(),
        latest.to(),
        "Task '%s' went on %s after its time%s"
            .formatted(
                facts.name(latest.task()),
                text(latest.nanos()),
                others(late.stream().map(Span::task).collect(Collectors.toSet()))),
        "No single task held the loop: many short steps came first, or the machine was busy, or"
            + " collected garbage. If the loop was busy, move work to threads or processes, or give"
            + " the task a loop of its own.",
        line(late.stream().map(Span::task)));
  }
}
