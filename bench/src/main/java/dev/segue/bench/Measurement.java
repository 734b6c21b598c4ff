package dev.segue.bench;

import java.util.List;

/**
 * What one contender reached in one work.
 *
 * @param samples one figure a round, in the order of the rounds; at least one
 */
public record Measurement(List<Double> samples) {
  /**
   * Keeps the samples.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Measurement {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("a measurement has at least one sample");
    }
  }

  /**
   * Returns the middle sample; of an even number, the mean of the two in the middle.
   *
   * @return the median
   */
  public double median() {
    var sorted = samples.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /**
   * Returns the smallest sample.
   *
   * @return the minimum
   */
  public double least() {
    return samples.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  /**
   * Returns the largest sample.
   *
   * @return the maximum
   */
  public double most() {
    return samples.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
