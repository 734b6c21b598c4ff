package dev.segue.process.codec;

import dev.segue.futures.RemoteException;
import dev.segue.futures.internal.Failures;
import java.io.NotSerializableException;
import java.io.PrintWriter;
import java.io.StreamCorruptedException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a task threw, as it is sent to the parent: the exception itself if it is serializable, and
 * its class name, text and stack trace in any case.
 */
public final class Thrown {
  private Thrown() {}

  /** In the worker: encodes an exception. */
  public static Encoded encode(Throwable thrown, Encoder encoder) {
    var shown = thrown instanceof UnencodableException e ? notSerializable(e) : thrown;
    byte[] itself = null;
    int[] definitions = {};
    try {
      var encoded = encoder.encode(shown);
      if (encoded.arrays().isEmpty()) { // else it was replaced by something that is no exception
        itself = encoded.bytes();
        definitions = encoded.definitions();
      }
    } catch (Throwable _) {
      // The description is sent without it.
    }
    try {
      var encoded =
          encoder.encode(
              new Object[] {shown.getClass().getName(), text(shown), stack(shown), itself});
      return encoded.with(definitions);
    } catch (UnencodableException e) {
      throw new AssertionError("strings can be encoded", e);
    }
  }

  /** In the parent: decodes what the future fails with. */
  public static Throwable decode(
      ByteBuffer bytes, List<ArrivingArray> arrays, Decoder decoder, ClassLoader loader) {
    String name = "";
    String text = "";
    String stack = "";
    Throwable why = null;
    try {
      if (!(decoder.decode(bytes, arrays) instanceof Object[] parts) || parts.length != 4) {
        throw new StreamCorruptedException("failure without its four parts");
      }
      name = String.valueOf(parts[0]);
      text = String.valueOf(parts[1]);
      stack = String.valueOf(parts[2]);
      if (parts[3] instanceof byte[] itself
          && decoder.decode(ByteBuffer.wrap(itself), List.of(), loader)
              instanceof Throwable thrown) {
        return thrown;
      }
    } catch (Throwable t) {
      why = t;
    }
    var remote = new RemoteException(text, name, stack, null);
    if (why != null) {
      remote.addSuppressed(why);
    }
    return remote;
  }

  /** In the parent: what a future fails with if the task's result cannot be decoded. */
  public static RemoteException undecodable(String task, Throwable why) {
    return new RemoteException(
        "cannot decode the result of " + task + ": " + Failures.describe(why),
        why.getClass().getName(),
        "",
        why);
  }

  private static Throwable notSerializable(UnencodableException e) {
    var shown = new NotSerializableException("the result cannot be sent back: " + e.getMessage());
    shown.initCause(e.getCause());
    return shown;
  }

  private static String text(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (Throwable t) {
      return thrown.getClass().getName() + ", whose toString() threw " + t.getClass().getName();
    }
  }

  private static String stack(Throwable thrown) {
    try {
      var text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      return text.toString();
    } catch (Throwable t) {
      return text(thrown);
    }
  }
}
