package dev.segue;

/**
 * An observer of a loop's tasks, for recorders and other tools.
 *
 * <p>Called on the loop, in the middle of its work: a method must be quick, must not wait. What it
 * throws is logged. Each does nothing unless overridden. A loop without an instrument pays one test
 * of a field.
 */
public interface Instrument {
  /**
   * A task was created and will run.
   *
   * @param task the task
   */
  default void created(Task<?> task) {}

  /**
   * A task runs: for the first time, or again after a wait.
   *
   * @param task the task
   */
  default void resumed(Task<?> task) {}

  /**
   * A task stopped running and waits.
   *
   * @param task the task
   * @param on what it waits for, such as {@code "sleep"} or {@code "task 'load'"}; {@code "a JDK
   *     wait"} where it is not one of Segue's
   */
  default void waiting(Task<?> task, String on) {}

  /**
   * A task ended; its outcome is set.
   *
   * @param task the task
   */
  default void done(Task<?> task) {}
}
