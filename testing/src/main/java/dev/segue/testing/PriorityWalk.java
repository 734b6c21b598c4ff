package dev.segue.testing;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs the ready task with the highest of random priorities, and at a few random moments makes the
 * one that would run the lowest: probabilistic concurrency testing. A fault that needs {@code
 * depth} orderings is found with a chance that is known, however long the run.
 *
 * <p>See Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010.
 */
final class PriorityWalk implements Chooser {
  /** After so many choices the walk is random: a task that spins must not run for ever. */
  private static final int FAIR_AFTER = 1_000;

  private final SplittableRandom random;
  private final Set<Integer> changes = new HashSet<>();
  private double lowest;
  private int point;

  /**
   * Makes one.
   *
   * @param depth how many orderings a fault needs
   * @param points how many choices a run has, about
   */
  PriorityWalk(int depth, int points, SplittableRandom random) {
    this.random = random;
    for (int i = 1; i < depth; i++) {
      changes.add(random.nextInt(Math.max(1, points)));
    }
  }

  @Override
  public void created(SimulatedTask task) {
    task.priority = 1 + random.nextDouble();
  }

  @Override
  public int choose(Simulation simulation) {
    int here = point++;
    if (simulation.choice() != Simulation.Choice.NEXT || here > FAIR_AFTER) {
      return RandomWalk.choose(simulation, random);
    }
    int best = highest(simulation);
    if (changes.contains(here)) {
      simulation.ready().get(best).priority = --lowest;
      best = highest(simulation);
    }
    return best;
  }

  private static int highest(Simulation simulation) {
    var ready = simulation.ready();
    int best = 0;
    for (int i = 1; i < ready.size(); i++) {
      if (ready.get(i).priority > ready.get(best).priority) {
        best = i;
      }
    }
    return best;
  }
}
