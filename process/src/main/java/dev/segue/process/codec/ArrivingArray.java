package dev.segue.process.codec;

import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;

/** The place of a {@link LargeArray} that is arriving piece by piece. Confined to one thread. */
public final class ArrivingArray {
  private final Object array;
  private final MemorySegment memory;
  private long filled;

  private ArrivingArray(Object array, MemorySegment memory) {
    this.array = array;
    this.memory = memory;
  }

  /**
   * Makes an array.
   *
   * @param tag which primitives, as {@link LargeArray#tag}
   * @param length how many bytes
   * @throws StreamCorruptedException if there are no such arrays, or no such large ones
   */
  public static ArrivingArray of(byte tag, int length) throws StreamCorruptedException {
    int size =
        switch (tag) {
          case Tag.BYTES -> Byte.BYTES;
          case Tag.SHORTS, Tag.CHARS -> Short.BYTES;
          case Tag.INTS, Tag.FLOATS -> Integer.BYTES;
          case Tag.LONGS, Tag.DOUBLES -> Long.BYTES;
          default -> throw new StreamCorruptedException("tag " + tag + " instead of a large array");
        };
    if (!LargeArray.isLarge(length) || length % size != 0) {
      throw new StreamCorruptedException(
          length + " bytes cannot be a large array of elements of " + size);
    }
    return of(tag, length, length / size);
  }

  private static ArrivingArray of(byte tag, int length, int n) {
    return switch (tag) {
      case Tag.BYTES -> {
        var array = new byte[length];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      case Tag.SHORTS -> {
        var array = new short[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      case Tag.CHARS -> {
        var array = new char[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      case Tag.INTS -> {
        var array = new int[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      case Tag.FLOATS -> {
        var array = new float[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      case Tag.LONGS -> {
        var array = new long[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
      default -> {
        var array = new double[n];
        yield new ArrivingArray(array, MemorySegment.ofArray(array));
      }
    };
  }

  /**
   * Takes the next bytes, up to its end.
   *
   * @return how many it took
   */
  public int take(MemorySegment from, int offset, int available) {
    int taken = (int) Math.min(available, memory.byteSize() - filled);
    MemorySegment.copy(from, offset, memory, filled, taken);
    filled += taken;
    return taken;
  }

  /** Whether all bytes have arrived. */
  public boolean isFull() {
    return filled == memory.byteSize();
  }

  /** The array. */
  public Object array() {
    return array;
  }

  /** How many bytes it has. */
  public long length() {
    return memory.byteSize();
  }
}
