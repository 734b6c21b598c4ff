package dev.segue.compare;

import java.io.Serializable;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What one model reached.
 *
 * @param model the model
 * @param startUp from the start of its JVM until it could take jobs, a pool's workers included, in
 *     nanoseconds
 * @param warmUps how many repetitions were run before those that count
 * @param steady false if they still became faster or slower when the warm-up had to end
 * @param repetitions those that count; empty if the model could not run the jobs, which a finding
 *     says
 */
public record ModelResult(
    Model model, long startUp, int warmUps, boolean steady, List<Repetition> repetitions)
    implements Serializable {
  /** Copies. */
  public ModelResult {
    repetitions = List.copyOf(repetitions);
  }

  /**
   * Returns the median of one figure of the repetitions.
   *
   * @param figure such as {@code Repetition::wall}
   * @return the median, and how sure it is
   * @throws IllegalArgumentException if there are no repetitions
   */
  public Estimate median(ToLongFunction<Repetition> figure) {
    return Bootstrap.of(repetitions.stream().mapToLong(figure).asDoubleStream().toArray());
  }
}
