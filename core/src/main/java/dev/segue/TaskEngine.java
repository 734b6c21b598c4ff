package dev.segue;

import org.jspecify.annotations.Nullable;

/** The kind of tasks that a loop has, by the threads that they run on. */
interface TaskEngine {
  EventLoop.Engine kind();

  /**
   * Creates a task, whose thread will run {@link Task#runBody()}. The thread inherits what threads
   * inherit from the one that calls this.
   */
  <T extends @Nullable Object> Task<T> newTask(TaskSpec<T> spec);

  /** How much room on the stack an operation of a task may take, in kilobytes. */
  int kilobytesOfAnOperation();

  /** How long a task may hold its loop before its cancels are brought to it from outside. */
  long patienceNanos();

  /** Why a task that waits holds its loop. */
  Stall.Cause causeOfWait();

  /** Frees a task's thread from a known fault of the JDK; returns whether it had that. */
  default boolean repair(Thread thread) {
    return false;
  }

  /** The calling thread is about to serve a loop of this engine. */
  default void begin(Kernel loop) {}

  /** A loop of this engine is served no more. */
  default void end(Kernel loop) {}
}
