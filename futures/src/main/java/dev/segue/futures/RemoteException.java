package dev.segue.futures;

import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception that a task threw and that could not be sent back: its class, message and
 * stack trace.
 */
public final class RemoteException extends RuntimeException {
  /** The class of what was thrown. */
  private final String thrownClass;

  /** The worker's stack trace. */
  private final String remoteStack;

  /**
   * Makes one.
   *
   * @param message what the exception's {@code toString} said
   * @param thrownClass the class of what was thrown
   * @param remoteStack its stack trace, as text
   * @param cause the cause here; null for none
   */
  public RemoteException(
      String message, String thrownClass, String remoteStack, @Nullable Throwable cause) {
    super(message, cause);
    this.thrownClass = thrownClass;
    this.remoteStack = remoteStack;
  }

  /**
   * Returns the class of what was thrown.
   *
   * @return its binary name
   */
  public String thrownClass() {
    return thrownClass;
  }

  /**
   * Returns the stack trace as the worker would have printed it, causes included.
   *
   * @return the text
   */
  public String remoteStack() {
    return remoteStack;
  }
}
