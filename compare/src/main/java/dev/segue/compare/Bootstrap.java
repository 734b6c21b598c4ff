package dev.segue.compare;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Confidence intervals of medians by the percentile bootstrap (Efron 1979): the samples are drawn
 * from again and again, with replacement, and the interval is what 95 % of the medians are in. It
 * assumes nothing of how the samples are distributed. With few samples it is no wider than they
 * are: of five, it mostly is from the least to the greatest.
 */
public final class Bootstrap {
  private static final int DRAWS = 2_000;
  private static final int OUTSIDE = DRAWS / 40; // 2.5 % at each end
  private static final long SEED = 42; // so that the same samples give the same interval

  private Bootstrap() {}

  /**
   * Returns the median of samples, and its 95 % confidence interval.
   *
   * @param samples one or more, in any order
   * @return the estimate, the same for the same samples
   * @throws IllegalArgumentException if there are no samples
   */
  public static Estimate of(double[] samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("samples must not be empty");
    }
    var drawn = new double[samples.length];
    return of(
        median(samples),
        random -> {
          Arrays.setAll(drawn, _ -> samples[random.nextInt(samples.length)]);
          return median(drawn);
        });
  }

  /**
   * The 95 % confidence interval of what is computed from samples.
   *
   * @param value what the samples themselves give
   * @param drawn computes the same from as many that are drawn from them
   */
  static Estimate of(double value, ToDoubleFunction<SplittableRandom> drawn) {
    var random = new SplittableRandom(SEED);
    var values = new double[DRAWS];
    Arrays.setAll(values, _ -> drawn.applyAsDouble(random));
    Arrays.sort(values);
    return new Estimate(value, values[OUTSIDE], values[DRAWS - 1 - OUTSIDE]);
  }

  static double median(double[] samples) {
    var sorted = samples.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
