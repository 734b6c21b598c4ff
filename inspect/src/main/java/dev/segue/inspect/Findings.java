package dev.segue.inspect;

import dev.segue.inspect.LoopFacts.Weighed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What stands out in a recording: what is certainly wrong, then the longest first. */
final class Findings {
  /** A step that is as long holds the loop: what asyncio's debug mode reports too. */
  static final long HELD_NANOS = LoopFacts.LONG_NANOS;

  private Findings() {}

  static List<Finding> of(Recording recording) {
    var all = new ArrayList<Weighed>();
    recording.lostUpdates().forEach(update -> all.add(UpdateLint.finding(update)));
    for (int i = 0; i < recording.loops().size(); i++) {
      var facts = new LoopFacts(i, recording);
      new TurnLints(facts).look();
      new TaskLints(facts).look();
      new WaitLints(facts).look();
      new QueueLints(facts).look();
      all.addAll(facts.found);
    }
    all.sort(Comparator.comparingLong(Weighed::nanos).reversed());
    return all.stream().map(Weighed::finding).toList();
  }
}
