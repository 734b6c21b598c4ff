package dev.segue.inspect;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** One message in the wire format of Protocol Buffers, field by field. */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Protobuf number(int field, long value) {
    varint(field << 3 | VARINT);
    varint(value);
    return this;
  }

  Protobuf fixed(int field, long value) {
    varint(field << 3 | FIXED64);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes.write((int) (value >>> shift));
    }
    return this;
  }

  Protobuf text(int field, String text) {
    return bytes(field, text.getBytes(StandardCharsets.UTF_8));
  }

  Protobuf message(int field, Protobuf message) {
    return bytes(field, message.bytes.toByteArray());
  }

  private Protobuf bytes(int field, byte[] value) {
    varint(field << 3 | BYTES);
    varint(value.length);
    bytes.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    try {
      Columns.writeNumber(bytes, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never, in memory
    }
  }

  void writeTo(OutputStream out) throws IOException {
    bytes.writeTo(out);
  }
}
