package dev.segue.testing;

import dev.segue.Task;
import dev.segue.Waiting;
import org.jspecify.annotations.Nullable;

/** What a simulation knows of a task. Confined to the simulation's loop. */
final class SimulatedTask {
  final Task<?> task;

  /** The place in the order of creation; 0 is the main task. */
  final int number;

  int steps;

  /** Stays back until no other task is ready. */
  boolean held;

  /** What kind of thing it waits for; null if it does not. */
  Waiting.@Nullable Kind waitsFor;

  /** Whether the wait is for work outside the loop, which will end. */
  boolean waitsForWork;

  /** Is ready to go on with a step that another thread had held up. */
  boolean passing;

  /** For a chooser that goes by priorities. */
  double priority;

  int values; // chosen so far
  int scopes; // that may be cancelled, so far

  SimulatedTask(Task<?> task, int number) {
    this.task = task;
    this.number = number;
  }

  @Override
  public String toString() {
    return "'" + task.name() + "'";
  }
}
