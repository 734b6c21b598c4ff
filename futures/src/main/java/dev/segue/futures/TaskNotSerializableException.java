package dev.segue.futures;

import java.util.concurrent.RejectedExecutionException;

/** The rejection of a task that cannot be serialized, or that captures something that cannot. */
public final class TaskNotSerializableException extends RejectedExecutionException {
  /** The path to what cannot be serialized. */
  private final String path;

  /**
   * Makes one.
   *
   * @param message what cannot travel, why, and what to do
   * @param path the path from the task to it
   * @param cause what the encoder threw
   */
  public TaskNotSerializableException(String message, String path, Throwable cause) {
    super(message, cause);
    this.path = path;
  }

  /**
   * Returns the path from the task to what cannot be serialized.
   *
   * @return the captured variables, fields and elements on the path, joined by arrows
   */
  public String path() {
    return path;
  }
}
