package dev.segue.testing;

/**
 * What decides how a simulation goes on where there are several ways. Way 0 is always the one that
 * an ordinary loop would take. One serves one simulation.
 */
interface Chooser {
  /**
   * Decides.
   *
   * @param simulation which says what there is to choose from
   * @return a way, below {@link Simulation#ways}
   */
  int choose(Simulation simulation);

  /** A task has been created. */
  default void created(SimulatedTask task) {}
}
