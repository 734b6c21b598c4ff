package dev.segue;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one loop share, and wait for: it belongs to the loop of the task that first
 * uses it. Until then any one thread may set it up.
 */
abstract class LoopBound {
  private final AtomicReference<@Nullable Kernel> kernel = new AtomicReference<>();
  private long number; // 0 until it belongs to a loop

  /** The number that tells it from the others of its loop; 0 as long as it belongs to none. */
  final long number() {
    return number;
  }

  /**
   * The calling task, for an operation that only tasks may call.
   *
   * @throws IllegalStateException outside a task, or in one of another loop
   */
  final Task<?> currentTask(String operation) {
    var task = Task.current(operation);
    bind(task, operation);
    return task;
  }

  /**
   * Checks an operation that waits for nothing, and so needs no task.
   *
   * @throws IllegalStateException off the loop, once this belongs to one
   */
  final void requireLoop(String operation) {
    var bound = kernel.get();
    if (bound != null && bound.isOnLoop()) {
      bound.makeRoom();
      return;
    }
    var task = Engines.currentTask();
    if (task != null) {
      bind(task, operation);
    } else if (bound != null) {
      throw elsewhere(bound, operation, "thread '" + Thread.currentThread().getName() + "'");
    }
  }

  private void bind(Task<?> task, String operation) {
    var bound = kernel.get();
    if (bound == null) {
      if (kernel.compareAndSet(null, task.kernel())) {
        number = task.kernel().nextNumber();
      } else {
        bound = kernel.get(); // another loop's, which was faster
      }
    }
    if (bound != null && bound != task.kernel()) {
      throw elsewhere(bound, operation, task.toString());
    }
  }

  private IllegalStateException elsewhere(Kernel bound, String operation, String where) {
    return new IllegalStateException(
        operation
            + " was called by "
            + where
            + ", but this "
            + getClass().getSimpleName()
            + " belongs to loop '"
            + bound.loop().name()
            + "', where it was first used; create one for each loop, or call it on that loop"
            + " through EventLoop.execute or EventLoop.submit");
  }
}
