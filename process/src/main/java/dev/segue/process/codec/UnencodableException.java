package dev.segue.process.codec;

import dev.segue.futures.TaskNotSerializableException;
import java.io.IOException;

/** A value cannot be turned into bytes. */
public final class UnencodableException extends IOException {
  private final String path;

  public UnencodableException(String message, String path, Throwable cause) {
    super(message, cause);
    this.path = path;
  }

  /** Returns the path from the value to what cannot be serialized. */
  public String path() {
    return path;
  }

  /** Returns the rejection of the task that the value is. */
  public TaskNotSerializableException ofTask() {
    var cause = getCause() == null ? this : getCause();
    return new TaskNotSerializableException(String.valueOf(getMessage()), path, cause);
  }
}
