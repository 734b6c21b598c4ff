package dev.segue;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The kind of tasks that a loop has, by the threads that they run on. */
interface TaskEngine {
  EventLoop.Engine kind();

  /**
   * Creates a task, whose thread will run {@link Task#runBody()}. The thread inherits what threads
   * inherit from the one that calls this. The parameters are those of {@link Task}.
   */
  <T extends @Nullable Object> Task<T> newTask(
      Kernel kernel,
      long id,
      @Nullable String name,
      @Nullable Throwable creation,
      Callable<T> body,
      boolean startsRegardless);

  /** The calling thread is about to serve a loop of this engine. */
  default void begin(Kernel loop) {}

  /** A loop of this engine is served no more. */
  default void end(Kernel loop) {}
}
