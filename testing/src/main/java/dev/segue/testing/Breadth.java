package dev.segue.testing;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * All schedules once each, those with the fewest departures from the ordinary one first, as far as
 * the budget goes.
 */
final class Breadth {
  private final ArrayDeque<Departures> frontier = new ArrayDeque<>();
  private final int budget;
  private final int mostHolds;
  private int run;
  private boolean cut; // some will never be tried
  private int costCut = Integer.MAX_VALUE; // the least of those
  private int costDone = -1;

  /**
   * Starts with the ordinary schedule.
   *
   * @param budget for these and others; all of it is used only if half of it leaves few to try
   */
  Breadth(int budget, int mostHolds) {
    this.budget = budget;
    this.mostHolds = mostHolds;
    frontier.add(Departures.none());
  }

  /** The next schedule; null if enough have been tried, or all. */
  @Nullable Departures next() {
    if (run == budget || (run == (budget + 1) / 2 && !endsSoon())) {
      return null;
    }
    run++;
    return frontier.poll();
  }

  /** What is left to try grows and then shrinks, so little at half time means the end. */
  private boolean endsSoon() {
    return !cut && frontier.size() <= (budget - run) / 2;
  }

  /** A schedule has been run. */
  void done(Departures schedule) {
    int cost = schedule.cost() + 1;
    boolean all =
        schedule.children(
            child -> cost <= mostHolds && frontier.size() < budget - run && frontier.add(child));
    if (!all) {
      cut = true;
      costCut = Math.min(costCut, cost);
    }
    var following = frontier.peek();
    costDone = Math.min(costCut, following == null ? Integer.MAX_VALUE : following.cost()) - 1;
  }

  boolean isExhausted() {
    return frontier.isEmpty() && !cut;
  }

  /** With up to how many departures every schedule has been run; -1 at first. */
  int costDone() {
    return costDone;
  }
}
