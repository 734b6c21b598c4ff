package dev.segue;

/**
 * An observer of a loop's tasks, for recorders and other tools.
 *
 * <p>Called on the loop, in the middle of its work: a method must be quick, must not wait. What it
 * throws is logged. Its looks at a task change nothing: a failure that it has seen still counts as
 * one that nothing has retrieved. Each does nothing unless overridden. A loop without an instrument
 * pays one test of a field.
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
   * A task stopped running and waits. Told once the task has left the loop to the others: not of a
   * wait that throws at once.
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
