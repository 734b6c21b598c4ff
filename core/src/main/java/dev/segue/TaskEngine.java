package dev.segue;

/** The kind of threads that a loop's tasks run on. */
interface TaskEngine {
  EventLoop.Engine kind();

  /**
   * Creates a task's thread, which will run {@link Task#runBody()}. It inherits what threads
   * inherit from the thread that calls this.
   */
  TaskThread newThread(Task<?> task);

  /** The calling thread is about to serve a loop of this engine. */
  default void begin(Kernel loop) {}

  /** A loop of this engine is served no more. */
  default void end(Kernel loop) {}
}
