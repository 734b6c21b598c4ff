package dev.segue.inspect;

import dev.segue.Stall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;

/**
 * The times in which a loop was held, put together from what the watchdog saw and from the steps
 * that were recorded. The watchdog knows why and where, but may look late, or see only a part, as
 * in a JVM that has just started on a busy machine. A recorded step has its exact length.
 */
final class Holds {
  private Holds() {}

  /**
   * The stalls, each with the length of its step if that was recorded; and of each long step that
   * the watchdog did not see, one whose cause and stack are unknown.
   */
  static List<StallRecord> of(List<StallRecord> seen, List<Span> spans) {
    var steps =
        spans.stream()
            .filter(span -> span.state() == State.RUNNING)
            .filter(span -> span.nanos() >= LoopFacts.LONG_NANOS || isSeen(span, seen))
            .toList();
    var holds = new ArrayList<StallRecord>();
    var told = new HashSet<Span>();
    for (var stall : seen) {
      var step = steps.stream().filter(span -> overlaps(span, stall)).findFirst();
      step.ifPresent(told::add);
      holds.add(step.map(span -> exact(stall, span)).orElse(stall));
    }
    for (var step : steps) {
      if (told.add(step)) {
        holds.add(
            new StallRecord(step.task(), step.from(), step.to(), Stall.Cause.UNKNOWN, List.of()));
      }
    }
    holds.sort(Comparator.comparingLong(StallRecord::from));
    return holds;
  }

  private static boolean isSeen(Span span, List<StallRecord> seen) {
    return seen.stream().anyMatch(stall -> overlaps(span, stall));
  }

  /** Whether a step is the one that the watchdog saw. */
  static boolean overlaps(Span step, StallRecord stall) {
    return step.task() == stall.task() && stall.from() < step.to() && stall.to() > step.from();
  }

  private static StallRecord exact(StallRecord stall, Span step) {
    return new StallRecord(stall.task(), step.from(), step.to(), stall.cause(), stall.stack());
  }
}
