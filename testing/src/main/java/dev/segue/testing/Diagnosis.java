package dev.segue.testing;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns a run that failed into the shortest that fails in the same way, and reports it. */
final class Diagnosis {
  private static final int REPLAYS = 10; // until two differ, once it is known that some do

  private final Runner runner;
  private final String which;

  /**
   * Makes one.
   *
   * @param which which of the schedules has failed, in words
   */
  Diagnosis(Runner runner, String which) {
    this.runner = runner;
    this.which = which;
  }

  private Run replay(List<Decision> decisions, boolean recorded) {
    return runner.run(new Replay(decisions), recorded ? new Recording() : null);
  }

  /** Reports a run that failed. */
  Interleaving of(Run failed) {
    var made = List.copyOf(failed.simulation().made());
    var again = replay(made, true);
    var asAgain = replay(made, true);
    if (differ(again, asAgain) && runner.othersSeen()) {
      again = replay(made, true); // one of the two may have met a thread that kept a lock
    }
    var signature = failed.signature();
    if (differ(again, asAgain) || !again.signature().equals(signature)) {
      return uncontrolled(made, failed.thrownByBody());
    }
    var fewest =
        Minimizer.minimize(
            made, candidate -> replay(candidate, false).signature().equals(signature));
    var shortest = replay(fewest, true);
    return interleaving(shortest.signature().equals(signature) ? shortest : again);
  }

  private static boolean differ(Run one, Run other) {
    return one.simulation().course() != other.simulation().course();
  }

  /**
   * Reports that runs of the same schedule differ, and where.
   *
   * @param cause what one of them threw, if it did
   */
  Interleaving uncontrolled(List<Decision> made, @Nullable Throwable cause) {
    var first = replay(made, true);
    var other = first;
    for (int i = 0; i < REPLAYS && !differ(first, other); i++) {
      other = replay(made, true);
    }
    var one = Objects.requireNonNull(first.recording()).lines();
    var two = Objects.requireNonNull(other.recording()).lines();
    int same = 0;
    while (same < Math.min(one.size(), two.size()) && one.get(same).equals(two.get(same))) {
      same++;
    }
    var where =
        differ(first, other)
            ? "the same schedule went on in two ways: "
                + (same < one.size() ? one.get(same) : "it ended")
                + "; or: "
                + (same < two.size() ? two.get(same) : "it ended")
            : "the same schedule went on in another way once, and not again in "
                + REPLAYS
                + " replays";
    runner.remark(where);
    return Report.of(
        first,
        Interleaving.Kind.UNCONTROLLED,
        cause,
        where
            + System.lineSeparator()
            + "Something decides that is not controlled: the order of a hash table of objects"
            + " without a hashCode, Random without a seed, System.nanoTime, Thread.sleep, a socket,"
            + " a thread of its own, or what an earlier run has left in a static field.",
        which);
  }

  Interleaving interleaving(Run run) {
    return Report.of(
        run,
        Objects.requireNonNull(run.kind()),
        run.thrownByBody(),
        String.join(System.lineSeparator(), run.message()),
        which);
  }
}
