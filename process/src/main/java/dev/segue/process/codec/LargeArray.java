package dev.segue.process.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A large array of primitives, which is sent before the value that it belongs to, so that the other
 * side can read it into its place at once.
 *
 * @param tag which primitives, as {@link Tag} numbers arrays
 * @param pieces its bytes, in order
 * @param length how many there are
 */
public record LargeArray(byte tag, List<MemorySegment> pieces, int length) {
  /** An array of so many bytes is large. */
  public static final int SHORTEST = 16 << 10;

  /** A copy of so many bytes is in native memory. */
  private static final int NATIVE = 64 << 10;

  /** The longest piece of a copy. */
  private static final int PIECE = 1 << 20;

  static boolean isLarge(long length) {
    return length >= SHORTEST && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
  }

  /** Makes one whose bytes change if the array does. */
  static LargeArray of(byte tag, MemorySegment array) {
    return new LargeArray(tag, List.of(array), (int) array.byteSize());
  }

  /** Makes one of a copy, in memory that a lease holds or the garbage collector frees. */
  static LargeArray copy(byte tag, MemorySegment array, Lease lease) {
    int length = (int) array.byteSize();
    if (length < NATIVE) {
      return of(tag, onHeap(array));
    }
    var pieces = new ArrayList<MemorySegment>(1 + length / PIECE);
    for (int at = 0; at < length; at += PIECE) {
      int size = Math.min(PIECE, length - at);
      pieces.add(copy(array.asSlice(at, size), lease));
    }
    return new LargeArray(tag, pieces, length);
  }

  /** Blocks have few sizes, so that one serves many arrays. */
  private static MemorySegment copy(MemorySegment piece, Lease lease) {
    int length = (int) piece.byteSize();
    int size = Integer.highestOneBit(length - 1) << 1;
    NativeMemory.Block block;
    try {
      block = NativeMemory.OF_JVM.take(size, size);
    } catch (OutOfMemoryError _) {
      return onHeap(piece); // there may be room there
    }
    lease.add(block);
    return block.memory().asSlice(0, length).copyFrom(piece);
  }

  private static MemorySegment onHeap(MemorySegment bytes) {
    var copy = new byte[(int) bytes.byteSize()];
    return MemorySegment.ofArray(copy).copyFrom(bytes);
  }

  /** Returns the same in memory that the garbage collector frees. */
  LargeArray onHeap() {
    return new LargeArray(tag, pieces.stream().map(LargeArray::onHeap).toList(), length);
  }
}
