package dev.segue.process.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/**
 * What a worker is told on its control connection, whatever its task does.
 *
 * @param kind what to do
 * @param task the number of the task that it is about
 */
public record ControlMessage(Kind kind, long task) {
  /** What a worker can be told to do. */
  public enum Kind {
    /** Interrupt the task. */
    INTERRUPT(1),

    /** End, with shutdown hooks; the task's number means nothing. */
    EXIT(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** Returns this message as bytes to write. */
  public ByteBuffer encoded() {
    return buffer().put((byte) kind.code).putLong(task).flip();
  }

  /**
   * Waits for the next message.
   *
   * @throws EOFException if none comes, because the other side has closed the connection
   */
  public static ControlMessage read(ReadableByteChannel in) throws IOException {
    var bytes = buffer();
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    bytes.flip();
    byte code = bytes.get();
    for (var kind : Kind.values()) {
      if (kind.code == code) {
        return new ControlMessage(kind, bytes.getLong());
      }
    }
    throw new ProtocolException("unknown control message " + code);
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(1 + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
