package dev.segue.process.wire;

import java.io.IOException;

/** The other side sent what the protocol does not know: the connection is of no more use. */
public final class ProtocolException extends IOException {
  public ProtocolException(String message) {
    super(message);
  }
}
