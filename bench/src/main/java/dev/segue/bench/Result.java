package dev.segue.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What all contenders reached in one subject.
 *
 * @param subject what was measured
 * @param measured the figures of those who took part
 * @param clientBusy which share of its processor the load generator used with each, in percent;
 *     empty where there is none
 * @param unable who has no such work; a floor need not
 * @param missing who is not installed
 * @param failures who failed, and how
 */
public record Result(
    Subject subject,
    Map<Contender, Measurement> measured,
    Map<Contender, Measurement> clientBusy,
    List<Contender> unable,
    List<Contender> missing,
    Map<Contender, String> failures) {
  /** From so many percent on, the load generator may be what is measured. */
  private static final double CLIENT_IS_BUSY = 95;

  /**
   * Returns those who took part, the best first.
   *
   * @return contenders in the order of their medians
   */
  public List<Contender> ranking() {
    var byMedian =
        Comparator.comparingDouble(
            (Map.Entry<Contender, Measurement> entry) -> entry.getValue().median());
    return measured.entrySet().stream()
        .sorted(subject.lowerIsBetter() ? byMedian : byMedian.reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Returns who has the best median of those who do all of the work.
   *
   * @return the winner; empty if there was no contest
   */
  public Optional<Contender> best() {
    var able = ranking().stream().filter(one -> !one.floor()).toList();
    return able.size() < 2 ? Optional.empty() : Optional.of(able.getFirst());
  }

  /**
   * Returns those with whom the load generator was busy nearly all the time.
   *
   * @return who might have served more than was asked for
   */
  public List<Contender> limitedByClient() {
    return clientBusy.entrySet().stream()
        .filter(entry -> entry.getValue().median() >= CLIENT_IS_BUSY)
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Returns how a contender's median compares with Segue's.
   *
   * @param contender who took part
   * @return the contender's median divided by Segue's; empty if one of them was not measured
   */
  public OptionalDouble ratioToSegue(Contender contender) {
    return Bar.ratio(measured, contender, Contender.SEGUE);
  }

  /**
   * Returns whether every bar that could be measured is met, and nobody failed.
   *
   * @return whether there is nothing to regret
   */
  public boolean isFine() {
    return failures.isEmpty()
        && subject.bars().stream()
            .allMatch(bar -> {
              var value = bar.measured(measured);
              return value.isEmpty() || bar.isMetBy(value.getAsDouble());
            });
  }
}
