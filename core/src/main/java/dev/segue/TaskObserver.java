package dev.segue;

import org.jspecify.annotations.Nullable;

/** Something to be told once when a task ends, and a link in that task's list of them. */
abstract class TaskObserver {
  // The list belongs to the task; confined to its loop.
  @Nullable TaskObserver previous;
  @Nullable TaskObserver next;

  /** Called on the loop when the task has ended; must not run user code. */
  abstract void taskDone(Task<?> task);
}
