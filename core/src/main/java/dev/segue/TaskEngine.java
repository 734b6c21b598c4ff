package dev.segue;

import org.jspecify.annotations.Nullable;

/** The kind of threads that a loop's tasks run on. */
interface TaskEngine {
  /** The task that the calling thread runs; null where it runs none. */
  static @Nullable Task<?> currentTask() {
    var carried = CarrierEngine.currentTask();
    return carried != null || !Thread.currentThread().isVirtual()
        ? carried
        : PortableThread.currentTask();
  }

  EventLoop.Engine kind();

  /**
   * Creates a task's thread, which will run {@link Task#runBody()}. It inherits what threads
   * inherit from the thread that calls this.
   */
  TaskThread newThread(Task<?> task);
}
