package dev.segue.process.codec;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads bytes, little endian, that may be faulty: it allocates nothing that they cannot fill.
 * Confined to one thread.
 */
final class ByteSource {
  private final ByteBuffer bytes;
  private final int start;
  private int slots;

  ByteSource(ByteBuffer bytes) {
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.start = bytes.position();
    this.slots = bytes.remaining();
  }

  int left() {
    return bytes.remaining();
  }

  int read() {
    return bytes.position() - start;
  }

  byte nextByte() throws StreamCorruptedException {
    need(1);
    return bytes.get();
  }

  short nextShort() throws StreamCorruptedException {
    need(Short.BYTES);
    return bytes.getShort();
  }

  char nextChar() throws StreamCorruptedException {
    need(Character.BYTES);
    return bytes.getChar();
  }

  int nextInt() throws StreamCorruptedException {
    need(Integer.BYTES);
    return bytes.getInt();
  }

  long nextLong() throws StreamCorruptedException {
    need(Long.BYTES);
    return bytes.getLong();
  }

  boolean nextBoolean() throws StreamCorruptedException {
    return switch (nextByte()) {
      case 0 -> false;
      case 1 -> true;
      default -> throw new StreamCorruptedException("invalid boolean: neither 0 nor 1");
    };
  }

  /** Returns a number that is not negative. */
  int nextCount() throws StreamCorruptedException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = nextByte();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        if (value < 0 || (shift == 28 && next > 7)) {
          break;
        }
        return value;
      }
    }
    throw new StreamCorruptedException("number with more than 31 bits");
  }

  /**
   * Returns the number of values that follow, each with a tag. All values together cannot outnumber
   * the bytes.
   */
  int nextSlots(int each) throws StreamCorruptedException {
    int n = nextCount();
    take((long) n * each);
    return n;
  }

  /** Counts values that follow. */
  void take(long values) throws StreamCorruptedException {
    if (values > slots || values > left()) {
      throw new StreamCorruptedException(values + " values cannot fit in " + left() + " bytes");
    }
    slots -= (int) values;
  }

  /** Returns the number of values that follow, each of a fixed size. */
  int nextLength(int size) throws StreamCorruptedException {
    int n = nextCount();
    need((long) n * size);
    return n;
  }

  void need(long n) throws StreamCorruptedException {
    if (n > bytes.remaining()) {
      throw new StreamCorruptedException(
          n + " bytes expected, but " + bytes.remaining() + " are left");
    }
  }

  String nextLatin1() throws StreamCorruptedException {
    int n = nextLength(1);
    if (bytes.hasArray()) {
      int at = bytes.arrayOffset() + bytes.position();
      skip(n);
      return new String(bytes.array(), at, n, StandardCharsets.ISO_8859_1);
    }
    var copy = new byte[n];
    bytes.get(copy);
    return new String(copy, StandardCharsets.ISO_8859_1);
  }

  String nextUtf16() throws StreamCorruptedException {
    return String.valueOf(chars(nextLength(Character.BYTES)));
  }

  // Arrays of a length that nextLength() has checked.

  boolean[] booleans(int n) {
    var values = new boolean[n];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.get() != 0;
    }
    return values;
  }

  byte[] bytes(int n) {
    var values = new byte[n];
    bytes.get(values);
    return values;
  }

  short[] shorts(int n) {
    var values = new short[n];
    bytes.asShortBuffer().get(values);
    skip(values.length * Short.BYTES);
    return values;
  }

  char[] chars(int n) {
    var values = new char[n];
    bytes.asCharBuffer().get(values);
    skip(values.length * Character.BYTES);
    return values;
  }

  int[] ints(int n) {
    var values = new int[n];
    bytes.asIntBuffer().get(values);
    skip(values.length * Integer.BYTES);
    return values;
  }

  long[] longs(int n) {
    var values = new long[n];
    bytes.asLongBuffer().get(values);
    skip(values.length * Long.BYTES);
    return values;
  }

  float[] floats(int n) {
    var values = new float[n];
    bytes.asFloatBuffer().get(values);
    skip(values.length * Float.BYTES);
    return values;
  }

  double[] doubles(int n) {
    var values = new double[n];
    bytes.asDoubleBuffer().get(values);
    skip(values.length * Double.BYTES);
    return values;
  }

  private void skip(int n) {
    bytes.position(bytes.position() + n);
  }

  /** Returns the rest as a stream. */
  InputStream stream() {
    int n = left();
    if (bytes.hasArray()) {
      int at = bytes.arrayOffset() + bytes.position();
      skip(n);
      return new ByteArrayInputStream(bytes.array(), at, n);
    }
    return new ByteArrayInputStream(bytes(n));
  }
}
