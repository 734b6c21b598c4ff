package dev.segue.bench;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What Segue is to reach in a work: a median, or the ratio of two medians, on the right side of a
 * limit.
 *
 * @param text the bar in words
 * @param least whether the limit is the least that will do, and not the most
 * @param limit the limit
 * @param of whose median
 * @param over by whose median it is divided; null for none
 */
public record Bar(
    String text, boolean least, double limit, Contender of, @Nullable Contender over) {

  /**
   * A bar that a figure must not be below.
   *
   * @param text the bar in words
   * @param limit the least that will do
   * @param of whose median
   * @param over by whose median it is divided; null for none
   * @return the bar
   */
  public static Bar atLeast(String text, double limit, Contender of, @Nullable Contender over) {
    return new Bar(text, true, limit, of, over);
  }

  /**
   * A bar that a figure must not be above.
   *
   * @param text the bar in words
   * @param limit the most that will do
   * @param of whose median
   * @param over by whose median it is divided; null for none
   * @return the bar
   */
  public static Bar atMost(String text, double limit, Contender of, @Nullable Contender over) {
    return new Bar(text, false, limit, of, over);
  }

  /**
   * Returns what the limit is compared with.
   *
   * @param measured what the contenders reached
   * @return the median or ratio; empty if a contender that it needs is missing
   */
  public OptionalDouble measured(Map<Contender, Measurement> measured) {
    if (over != null) {
      return ratio(measured, of, over);
    }
    var only = measured.get(of);
    return only == null ? OptionalDouble.empty() : OptionalDouble.of(only.median());
  }

  static OptionalDouble ratio(
      Map<Contender, Measurement> measured, Contender dividend, Contender divisor) {
    var above = measured.get(dividend);
    var below = measured.get(divisor);
    return above == null || below == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(above.median() / below.median());
  }

  /**
   * Returns whether a median or ratio is good enough.
   *
   * @param value what was measured
   * @return whether it is on the right side of the limit, or on it
   */
  public boolean isMetBy(double value) {
    return least ? value >= limit : value <= limit;
  }
}
