package dev.segue.process;

import dev.segue.futures.SerializableCallable;

/** Tasks of the class path, for programs whose own classes no worker has. */
public final class ForeignTasks {
  private ForeignTasks() {}

  /** A task that captures a value and returns it. */
  public static <T> SerializableCallable<T> returning(T value) {
    return () -> value;
  }
}
