package dev.segue.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How much faster one example did the same work than another in the same run.
 *
 * @param example the one that should be faster
 * @param baseline the one that should be slower
 * @param round which of several rounds of this; empty if there is one
 * @param factor the time of that, divided by the time of this
 */
record SpeedUp(String example, String baseline, String round, double factor) {
  /** Those that runs show: of examples that did as they should. */
  static List<SpeedUp> of(List<Comparison> comparisons) {
    var speedUps = new ArrayList<SpeedUp>();
    for (var faster : comparisons) {
      for (var slower : comparisons) {
        if (faster.example().baselines().contains(slower.example().name())
            && slower.agrees()
            && faster.agrees()) {
          speedUps.addAll(of(faster, slower));
        }
      }
    }
    return speedUps;
  }

  private static List<SpeedUp> of(Comparison faster, Comparison slower) {
    var one = faster.example().name();
    var other = slower.example().name();
    var rounds = faster.example().rounds();
    return rounds.isEmpty()
        ? List.of(new SpeedUp(one, other, "", slower.elapsed() / faster.elapsed()))
        : IntStream.range(0, rounds.size())
            .mapToObj(
                i -> new SpeedUp(one, other, rounds.get(i), slower.elapsed() / faster.elapsed(i)))
            .toList();
  }

  @Override
  public String toString() {
    return example
        + " was "
        + String.format(Locale.ROOT, "%.2f", factor)
        + " times as fast as "
        + baseline
        + (round.isEmpty() ? "" : ", " + round)
        + ".";
  }
}
