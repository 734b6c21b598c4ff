package dev.segue.bench;

import java.util.OptionalDouble;

/**
 * What one contender reached in one round.
 *
 * @param figure in the unit of the subject
 * @param clientBusy which share of its processor the load generator used, in percent; empty where
 *     there is none
 */
public record Sample(double figure, OptionalDouble clientBusy) {
  /**
   * What was reached without a load generator.
   *
   * @param figure in the unit of the subject
   */
  public Sample(double figure) {
    this(figure, OptionalDouble.empty());
  }
}
