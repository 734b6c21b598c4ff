package dev.segue;

/**
 * The order in which a loop's ready tasks run: first in, first out, unless a tool that explores
 * other orders installs its own.
 *
 * <p>Called only on the loop. A task is added once for each time it becomes ready. What a method
 * throws ends the loop; {@link RunAbandoned} ends the run.
 */
public interface Schedule {
  /**
   * Adds a task that has become ready.
   *
   * @param task the task
   */
  void add(Task<?> task);

  /**
   * Removes and returns the task to run next.
   *
   * @return a task that was added; never called while {@link #size()} is zero
   */
  Task<?> next();

  /**
   * Returns how many tasks are ready.
   *
   * @return the count
   */
  int size();
}
