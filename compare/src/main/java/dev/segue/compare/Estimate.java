package dev.segue.compare;

import java.io.Serializable;

/**
 * A median of a few repetitions, and how sure it is.
 *
 * @param median the middle
 * @param low the lower end of the 95 % confidence interval, by bootstrap
 * @param high its upper end
 */
public record Estimate(double median, double low, double high) implements Serializable {
  /**
   * Tells whether the other's interval and this one have a value in common: then nobody can say
   * which is less.
   *
   * @param other the other
   * @return true if they overlap
   */
  public boolean overlaps(Estimate other) {
    return low <= other.high && other.low <= high;
  }
}
