package dev.segue.cluster;

import dev.segue.process.codec.ArrivingArray;
import dev.segue.process.codec.Decoder;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as it has arrived.
 *
 * @param kind what it is
 * @param bytes as the sender's encoder made them
 * @param arrays its large arrays
 * @param decoder knows the sender's definitions
 */
record Payload(Kind kind, ByteBuffer bytes, List<ArrivingArray> arrays, Decoder decoder) {
  /** What a payload is. */
  enum Kind {
    TASK(1),
    VALUE(2),
    FAILURE(3);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    byte code() {
      return code;
    }

    static Kind of(byte code) throws StreamCorruptedException {
      for (var kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new StreamCorruptedException("not a payload: its first byte is " + code);
    }
  }

  @Nullable Object decode(ClassLoader loader) throws IOException, ClassNotFoundException {
    return decoder.decode(bytes, arrays, loader);
  }
}
