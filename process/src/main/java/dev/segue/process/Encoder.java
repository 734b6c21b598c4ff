package dev.segue.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import org.jspecify.annotations.Nullable;

/** Turns values into bytes. Confined to one thread. */
final class Encoder {
  Encoder(Dictionary dictionary) {}

  /**
   * Encodes a value.
   *
   * @return the bytes, which the next call overwrites
   * @throws UnencodableException if the value, or one that it holds, is not serializable, or its
   *     own code throws meanwhile
   */
  Encoded encode(@Nullable Object value) throws UnencodableException {
    var out = new ByteArrayOutputStream();
    try (var objects = new ObjectOutputStream(out)) {
      objects.writeObject(value);
    } catch (IOException e) {
      throw new UnencodableException(e.toString(), "", e);
    }
    return new Encoded(out.toByteArray(), out.size(), new int[0]);
  }
}
