package dev.segue.process.wire;

import java.io.IOException;

/** The other side violated the protocol: the connection cannot be used any more. */
public final class ProtocolException extends IOException {
  public ProtocolException(String message) {
    super(message);
  }
}
