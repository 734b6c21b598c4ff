package dev.segue.process.codec;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as bytes, and its large arrays, which are sent before them.
 *
 * @param arrays the large arrays, in the order in which the bytes refer to them
 * @param rest holds the bytes; may be longer
 * @param restLength how many of those there are
 * @param length how many bytes there are in all, those of the large arrays too
 * @param definitions the numbers of the {@link Dictionary} entries that the bytes refer to
 * @param lease the native memory that the large arrays are in; null if none are
 */
public record Encoded(
    List<LargeArray> arrays,
    byte[] rest,
    int restLength,
    int length,
    int[] definitions,
    @Nullable Lease lease) {
  /** More room than this at the end is worth a copy of what is kept for long. */
  private static final int WASTE = 256;

  /** Returns the bytes, in an array of their own, without the large arrays. */
  public byte[] bytes() {
    return Arrays.copyOf(rest, restLength);
  }

  /** Returns the same without much unused memory. */
  public Encoded trimmed() {
    return rest.length > restLength + WASTE
        ? new Encoded(arrays, bytes(), restLength, length, definitions, lease)
        : this;
  }

  /** Returns the same in memory that the garbage collector frees, and releases this. */
  public Encoded onHeap() {
    var onHeap =
        new Encoded(
            arrays.stream().map(LargeArray::onHeap).toList(),
            bytes(),
            restLength,
            length,
            definitions,
            null);
    release();
    return onHeap;
  }

  /** Returns the same with other definitions. */
  public Encoded with(int[] otherDefinitions) {
    return new Encoded(arrays, rest, restLength, length, otherDefinitions, lease);
  }

  /**
   * Notes one more holder. Each holder {@linkplain #release releases} the value, the one that has
   * it from the encoder too: after the last one the memory serves other values. Guarded by the lock
   * of all holders.
   */
  public void hold() {
    if (lease != null) {
      lease.hold();
    }
  }

  /** Notes that a holder does not use the value any more. */
  public void release() {
    if (lease != null) {
      lease.release();
    }
  }
}
