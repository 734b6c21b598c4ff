package dev.segue.process.codec;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value as bytes: those of the parts, and then the rest. The parts are the value's large arrays,
 * which are not copied once more, and what is before and between them.
 *
 * @param parts the first bytes; none if the value has no large arrays
 * @param rest holds the last bytes; may be longer
 * @param restLength how many of those there are
 * @param length how many bytes there are in all
 * @param definitions the numbers of the {@link Dictionary} entries that the bytes refer to
 * @param lease the native memory that parts are in; null if none are
 */
public record Encoded(
    List<MemorySegment> parts,
    byte[] rest,
    int restLength,
    int length,
    int[] definitions,
    @Nullable Lease lease) {
  /** More room than this at the end is worth a copy of what is kept for long. */
  private static final int WASTE = 256;

  /** Makes one of bytes in one array. */
  public Encoded(byte[] bytes, int length, int[] definitions) {
    this(List.of(), bytes, length, length, definitions, null);
  }

  /** Returns all bytes, in an array of their own. */
  public byte[] bytes() {
    var all = new byte[length];
    int at = 0;
    for (var part : parts) {
      int size = (int) part.byteSize();
      MemorySegment.copy(part, 0, MemorySegment.ofArray(all), at, size);
      at += size;
    }
    System.arraycopy(rest, 0, all, at, restLength);
    return all;
  }

  /** Returns the same without much unused memory. */
  public Encoded trimmed() {
    return rest.length > restLength + WASTE
        ? new Encoded(
            parts, Arrays.copyOf(rest, restLength), restLength, length, definitions, lease)
        : this;
  }

  /** Returns the same in memory that the garbage collector frees, and releases this. */
  public Encoded onHeap() {
    var all = new Encoded(bytes(), length, definitions);
    release();
    return all;
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
