package dev.segue.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all contenders reached in one work, or in one part of it.
 *
 * @param work the work
 * @param title what exactly was measured
 * @param unit the unit of all figures
 * @param lowerIsBetter whether a small figure is a good one
 * @param payload how many bytes each task carried; 0 where that is not the point
 * @param measured the figures of those who took part, in the order of {@link Contender}
 * @param bars what Segue is to reach
 */
public record Result(
    Work work,
    String title,
    String unit,
    boolean lowerIsBetter,
    int payload,
    Map<Contender, Measurement> measured,
    List<Bar> bars) {

  /**
   * Returns who has the best median.
   *
   * @return the winner; empty if there was no contest
   */
  public Optional<Contender> best() {
    var byMedian =
        Comparator.comparingDouble(
            (Map.Entry<Contender, Measurement> entry) -> entry.getValue().median());
    return measured.size() < 2
        ? Optional.empty()
        : measured.entrySet().stream()
            .min(lowerIsBetter ? byMedian : byMedian.reversed())
            .map(Map.Entry::getKey);
  }

  /**
   * Returns whether every bar that could be measured is met.
   *
   * @return whether none is missed
   */
  public boolean meetsBars() {
    return bars.stream()
        .allMatch(bar -> {
          var value = bar.measured(measured);
          return value.isEmpty() || bar.isMetBy(value.getAsDouble());
        });
  }
}
