package dev.segue.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Leaves out decisions as long as the same failure shows: halves first, then smaller parts, then
 * one by one.
 *
 * <p>See Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE
 * Transactions on Software Engineering 28, 2002.
 */
final class Minimizer {
  private static final int MOST_TRIES = 2_000;

  private Minimizer() {}

  /**
   * Returns as few decisions as it finds.
   *
   * @param fails whether a list still fails in the same way
   */
  static List<Decision> minimize(List<Decision> decisions, Predicate<List<Decision>> fails) {
    var best = decisions;
    int tries = MOST_TRIES;
    for (int part = Math.max(1, best.size() / 2); !best.isEmpty() && tries > 0; ) {
      boolean shorter = false;
      for (int from = 0; from < best.size() && tries > 0; tries--) {
        var without = new ArrayList<>(best);
        without.subList(from, Math.min(best.size(), from + part)).clear();
        if (fails.test(without)) {
          best = without;
          shorter = true;
        } else {
          from += part;
        }
      }
      if (!shorter && part == 1) {
        break;
      }
      part = shorter ? Math.max(1, Math.min(part, best.size() / 2)) : Math.max(1, part / 2);
    }
    return best;
  }
}
