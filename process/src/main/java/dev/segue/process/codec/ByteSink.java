package dev.segue.process.codec;

import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A growing array of bytes, little endian, and the large arrays that go before it. Confined to one
 * thread.
 */
final class ByteSink extends OutputStream {
  private static final int FIRST = 64;
  private static final int KEPT = 1 << 20;
  private static final int LONGEST = Integer.MAX_VALUE - 8;
  private static final int SHORT_STRING = 32;

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle CHAR = view(char[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private final boolean copies;
  private List<LargeArray> arrays = List.of();
  private long arraysLength;
  private @Nullable Lease lease;
  private byte[] bytes = new byte[FIRST];
  private int length;

  /**
   * Makes an empty one.
   *
   * @param copies whether large arrays are copied, so that they may change later
   */
  ByteSink(boolean copies) {
    this.copies = copies;
  }

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  /** Forgets all bytes. */
  void clear() {
    dropArrays();
    length = 0;
  }

  private void dropArrays() {
    arrays = List.of();
    arraysLength = 0;
    if (lease != null) {
      lease.release();
      lease = null;
    }
  }

  /** Forgets large arrays, which then belong to the caller alone. */
  void drop() {
    dropArrays();
    if (bytes.length > KEPT) {
      bytes = new byte[FIRST];
    }
  }

  /** Returns all bytes, which are valid until more come. */
  Encoded encoded(int[] definitions) {
    int all = (int) (arraysLength + length);
    var encoded = new Encoded(arrays, bytes, length, all, definitions, lease);
    lease = null; // it is the caller's now
    return encoded;
  }

  void setFirst(byte value) {
    bytes[0] = value;
  }

  /**
   * Makes room and returns where it is. The array at least doubles, so that many small values cost
   * little.
   */
  private int room(long n) {
    int at = length;
    long needed = at + n;
    if (needed > bytes.length) {
      if (arraysLength + needed > LONGEST) {
        throw new TooLongException();
      }
      long roomy = Math.min(LONGEST, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, roomy));
    }
    length = (int) needed;
    return at;
  }

  @Override
  public void write(int value) {
    putByte((byte) value);
  }

  @Override
  public void write(byte[] from, int offset, int n) {
    int at = room(n);
    System.arraycopy(from, offset, bytes, at, n);
  }

  void putByte(byte value) {
    int at = room(1);
    bytes[at] = value;
  }

  void putShort(short value) {
    int at = room(Short.BYTES);
    SHORT.set(bytes, at, value);
  }

  void putChar(char value) {
    int at = room(Character.BYTES);
    CHAR.set(bytes, at, value);
  }

  void putInt(int value) {
    int at = room(Integer.BYTES);
    INT.set(bytes, at, value);
  }

  void putLong(long value) {
    int at = room(Long.BYTES);
    LONG.set(bytes, at, value);
  }

  /** Puts a number that is not negative; smaller numbers take fewer bytes. */
  void putCount(int value) {
    int rest = value;
    while (rest > 0x7f) {
      putByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    putByte((byte) rest);
  }

  /** Puts a string with its tag. */
  void putString(String value) {
    int n = value.length();
    if (n < SHORT_STRING ? putShortLatin1(value, n) : putLatin1(value, n)) {
      return;
    }
    putByte(Tag.UTF16);
    putCount(n);
    var _ = bulk((long) n * Character.BYTES).asCharBuffer().put(value);
  }

  private boolean putShortLatin1(String value, int n) {
    int start = room(2 + n);
    bytes[start] = Tag.LATIN1;
    bytes[start + 1] = (byte) n;
    for (int i = 0; i < n; i++) {
      char c = value.charAt(i);
      if (c > 0xff) {
        length = start;
        return false;
      }
      bytes[start + 2 + i] = (byte) c;
    }
    return true;
  }

  /** Copies the low bytes and compares: two vector loops instead of one over characters. */
  @SuppressWarnings("deprecation")
  private boolean putLatin1(String value, int n) {
    int start = length;
    putByte(Tag.LATIN1);
    putCount(n);
    int at = room(n);
    value.getBytes(0, n, bytes, at);
    if (new String(bytes, at, n, StandardCharsets.ISO_8859_1).equals(value)) {
      return true;
    }
    length = start;
    return false;
  }

  // Arrays, each with its tag and length.

  void putBooleans(boolean[] values) {
    putHead(Tag.BOOLEANS, values.length);
    int at = room(values.length);
    for (int i = 0; i < values.length; i++) {
      bytes[at + i] = (byte) (values[i] ? 1 : 0);
    }
  }

  void putBytes(byte[] values) {
    if (LargeArray.isLarge(values.length)) {
      putLarge(Tag.BYTES, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.BYTES, values.length);
    write(values, 0, values.length);
  }

  void putShorts(short[] values) {
    long n = (long) values.length * Short.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.SHORTS, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.SHORTS, values.length);
    var _ = bulk(n).asShortBuffer().put(values);
  }

  void putChars(char[] values) {
    long n = (long) values.length * Character.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.CHARS, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.CHARS, values.length);
    var _ = bulk(n).asCharBuffer().put(values);
  }

  void putInts(int[] values) {
    long n = (long) values.length * Integer.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.INTS, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.INTS, values.length);
    var _ = bulk(n).asIntBuffer().put(values);
  }

  void putLongs(long[] values) {
    long n = (long) values.length * Long.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.LONGS, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.LONGS, values.length);
    var _ = bulk(n).asLongBuffer().put(values);
  }

  void putFloats(float[] values) {
    long n = (long) values.length * Float.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.FLOATS, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.FLOATS, values.length);
    var _ = bulk(n).asFloatBuffer().put(values);
  }

  void putDoubles(double[] values) {
    long n = (long) values.length * Double.BYTES;
    if (LargeArray.isLarge(n)) {
      putLarge(Tag.DOUBLES, MemorySegment.ofArray(values));
      return;
    }
    putHead(Tag.DOUBLES, values.length);
    var _ = bulk(n).asDoubleBuffer().put(values);
  }

  private void putHead(byte tag, int n) {
    putByte(tag);
    putCount(n);
  }

  private void putLarge(byte tag, MemorySegment array) {
    putByte(Tag.SENT_BEFORE);
    if (arraysLength + length + array.byteSize() > LONGEST) {
      throw new TooLongException();
    }
    if (arrays.isEmpty()) {
      arrays = new ArrayList<>();
    }
    arrays.add(copies ? LargeArray.copy(tag, array, lease()) : LargeArray.of(tag, array));
    arraysLength += array.byteSize();
  }

  private Lease lease() {
    if (lease == null) {
      lease = new Lease();
    }
    return lease;
  }

  private ByteBuffer bulk(long n) {
    int at = room(n);
    return ByteBuffer.wrap(bytes, at, (int) n).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Puts elements of one class, without tags. */
  void putIntegers(Object[] values) {
    int at = room((long) values.length * Integer.BYTES);
    for (int i = 0; i < values.length; i++) {
      INT.set(bytes, at + i * Integer.BYTES, (int) (Integer) values[i]);
    }
  }

  void putBoxedLongs(Object[] values) {
    int at = room((long) values.length * Long.BYTES);
    for (int i = 0; i < values.length; i++) {
      LONG.set(bytes, at + i * Long.BYTES, (long) (Long) values[i]);
    }
  }

  void putBoxedDoubles(Object[] values) {
    int at = room((long) values.length * Double.BYTES);
    for (int i = 0; i < values.length; i++) {
      LONG.set(bytes, at + i * Double.BYTES, Double.doubleToRawLongBits((Double) values[i]));
    }
  }

  /** The value does not fit in an array. */
  static final class TooLongException extends RuntimeException {
    TooLongException() {
      super("more than 2 GiB", null, false, false);
    }
  }
}
