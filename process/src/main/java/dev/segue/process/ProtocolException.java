package dev.segue.process;

import java.io.IOException;

/** The other side sent what the protocol does not know: the connection is of no more use. */
final class ProtocolException extends IOException {
  ProtocolException(String message) {
    super(message);
  }
}
