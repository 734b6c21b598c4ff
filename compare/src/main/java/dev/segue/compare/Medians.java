package dev.segue.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;

/** Medians of repetitions, with their 95 % confidence intervals. */
final class Medians {
  private static final int RESAMPLES = 2_000;

  private Medians() {}

  static Estimate of(List<Repetition> repetitions, ToLongFunction<Repetition> figure) {
    double[] samples = repetitions.stream().mapToLong(figure).asDoubleStream().sorted().toArray();
    var random = new Random(samples.length);
    double[] medians = new double[RESAMPLES];
    double[] drawn = new double[samples.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int k = 0; k < drawn.length; k++) {
        drawn[k] = samples[random.nextInt(samples.length)];
      }
      Arrays.sort(drawn);
      medians[i] = middle(drawn);
    }
    Arrays.sort(medians);
    return new Estimate(
        middle(samples), medians[RESAMPLES / 40], medians[RESAMPLES - 1 - RESAMPLES / 40]);
  }

  private static double middle(double[] sorted) {
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
