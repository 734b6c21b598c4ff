package dev.segue.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much faster one example did the same work than another in the same run.
 *
 * @param example the one that should be faster
 * @param baseline the one that should be slower
 * @param factor the time of that, divided by the time of this
 */
record SpeedUp(String example, String baseline, double factor) {
  /** Those that runs show: of examples that did as they should. */
  static List<SpeedUp> of(List<Comparison> comparisons) {
    var speedUps = new ArrayList<SpeedUp>();
    for (var faster : comparisons) {
      for (var slower : comparisons) {
        if (slower.example().name().equals(faster.example().baseline())
            && slower.agrees()
            && faster.agrees()) {
          speedUps.add(
              new SpeedUp(
                  faster.example().name(),
                  slower.example().name(),
                  slower.elapsed() / faster.elapsed()));
        }
      }
    }
    return speedUps;
  }

  @Override
  public String toString() {
    return example
        + " was "
        + String.format(Locale.ROOT, "%.2f", factor)
        + " times as fast as "
        + baseline
        + ".";
  }
}
