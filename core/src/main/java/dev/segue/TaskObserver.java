package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * What is told once when a task ends, and a link in that task's list of such: the task's group, the
 * tasks that await it, callbacks, threads that block in {@code get}.
 *
 * <p>The list is a stack. Any thread may push, with one compare-and-set; only the loop unlinks.
 */
abstract class TaskObserver {
  /**
   * The whole list of a task that has told its observers: an observer that comes now is told at
   * once.
   */
  static final TaskObserver TOLD =
      new TaskObserver() {
        @Override
        void taskEnded(Task<?> task) {}
      };

  /** Written before the push; by the loop afterwards. */
  @LoopConfined @Nullable TaskObserver older;

  /** Whether this waits to be unlinked, and is not told any more. */
  @LoopConfined boolean withdrawn;

  /** The task has ended. Called on the loop or by the thread that came too late for that. */
  abstract void taskEnded(Task<?> task);

  /** The task's loop failed. Called by its thread, where no task will run any more. */
  void taskLost(Task<?> task) {
    taskEnded(task);
  }

  /** The task that waits for this end and for nothing else; null where there is none. */
  @Nullable Task<?> waiter() {
    return null;
  }

  /** An observer that acts for tasks of the same loop: without the loop, it has nothing to do. */
  abstract static class OnLoop extends TaskObserver {
    @Override
    final void taskLost(Task<?> task) {}
  }
}
