package dev.segue.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Turns bytes back into values. Confined to one thread, but for {@link #decode}. */
final class Decoder {
  Decoder(ClassLoader loader, @Nullable ObjectInputFilter filter) {}

  /** Learns an entry of the sender's {@link Dictionary}; its class is loaded when first used. */
  void define(int number, byte[] definition) {}

  /** Whether decoding would run nobody's code and load no class: it cannot hang. */
  static boolean isPlain(ByteBuffer bytes) {
    return false;
  }

  /**
   * Decodes a value.
   *
   * @param bytes as {@link Encoder#encode} made them, from position to limit
   */
  @Nullable Object decode(ByteBuffer bytes) throws IOException, ClassNotFoundException {
    var array = new byte[bytes.remaining()];
    bytes.get(array);
    try (var objects = new ObjectInputStream(new ByteArrayInputStream(array))) {
      return objects.readObject();
    }
  }
}
