package dev.segue.process;

import java.io.IOException;

/** A value cannot be turned into bytes. */
final class UnencodableException extends IOException {
  private final String path;

  UnencodableException(String message, String path, Throwable cause) {
    super(message, cause);
    this.path = path;
  }

  /** The way from the value to what cannot be serialized. */
  String path() {
    return path;
  }
}
