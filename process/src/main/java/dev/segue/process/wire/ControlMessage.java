package dev.segue.process.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a worker is told on its standard input after its {@link WorkerConfiguration}, whatever its
 * task does.
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

  /** Writes this message, and flushes the stream. */
  public void write(DataOutputStream out) throws IOException {
    out.writeByte(kind.code);
    out.writeLong(task);
    out.flush();
  }

  /** Waits for the next message. */
  public static ControlMessage read(DataInputStream in) throws IOException {
    byte code = in.readByte();
    long task = in.readLong();
    for (var kind : Kind.values()) {
      if (kind.code == code) {
        return new ControlMessage(kind, task);
      }
    }
    throw new ProtocolException("unknown control message " + code);
  }
}
