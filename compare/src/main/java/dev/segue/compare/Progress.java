package dev.segue.compare;

import org.jspecify.annotations.Nullable;

/** Is told how a comparison goes on, by the thread that runs it. */
public interface Progress {
  /**
   * One step begins.
   *
   * @param model under which model
   * @param step such as {@code warming up} or {@code repetition 3 of 10}
   * @param value the value of the sweep; null if there is none
   * @param done how much of the comparison is done, 0 to 1
   */
  void step(Model model, String step, @Nullable String value, double done);

  /**
   * A repetition that counts has ended.
   *
   * @param model under which model
   * @param repetition what it has reached
   */
  void measured(Model model, Repetition repetition);

  /**
   * Something was found.
   *
   * @param finding what
   */
  void found(Finding finding);
}
