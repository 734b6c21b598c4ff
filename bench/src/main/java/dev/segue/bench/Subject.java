package dev.segue.bench;

import java.util.List;

/**
 * What is measured in one table: a work, or one part of it.
 *
 * @param work the work, as a command line names it
 * @param title what exactly is measured
 * @param unit the unit of all figures
 * @param lowerIsBetter whether a small figure is a good one
 * @param payload how many bytes each task carries; 0 where that is not the point
 * @param bars what Segue is to reach
 */
public record Subject(
    String work, String title, String unit, boolean lowerIsBetter, int payload, List<Bar> bars) {
  /**
   * A subject whose tasks carry nothing that counts.
   *
   * @param work the work, as a command line names it
   * @param title what exactly is measured
   * @param unit the unit of all figures
   * @param lowerIsBetter whether a small figure is a good one
   * @param bars what Segue is to reach
   */
  public Subject(String work, String title, String unit, boolean lowerIsBetter, Bar... bars) {
    this(work, title, unit, lowerIsBetter, 0, List.of(bars));
  }

  /** Whether the figures are sizes; else they are times or speeds. */
  boolean isSize() {
    return unit.equals("B") || unit.equals("MB");
  }
}
