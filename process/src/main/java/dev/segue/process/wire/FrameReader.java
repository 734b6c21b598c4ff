package dev.segue.process.wire;

import dev.segue.process.codec.ArrivingArray;
import dev.segue.process.codec.NativeMemory;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts arriving bytes into frames. Its memory grows with what has arrived, and not with what a
 * length announces. Confined to one thread.
 */
public final class FrameReader {
  /** The size of a frame's length, which precedes it and does not count itself. */
  static final int LENGTH_BYTES = 4;

  /** The longest frame between parent and worker. A larger value is rejected when it is encoded. */
  static final int LONGEST = 1 << 30;

  private static final int INITIAL = 512 << 10;

  /**
   * A frame that has filled its buffer gets one this many times as large, or of the frame's length.
   * There are few such steps, because memory is 20 times as slow on first use.
   */
  private static final int GROWTH = 16;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final NativeMemory memory;
  private int longest;
  private ByteBuffer small;

  /** The small buffer, or that of the block. */
  private ByteBuffer buffer;

  private NativeMemory.@Nullable Block block;

  /** The array that is arriving; what has arrived of it is there and not in the buffer. */
  private @Nullable ArrivingArray array;

  private int start;
  private int end;

  /** Makes one that allows frames of every length. */
  public FrameReader() {
    this(LONGEST);
  }

  /** Makes one that rejects longer frames, until {@link #allow} is called. */
  public FrameReader(int longest) {
    this(longest, NativeMemory.OF_JVM);
  }

  FrameReader(int longest, NativeMemory memory) {
    this.memory = memory;
    this.longest = longest;
    this.small = small(longest);
    this.buffer = small;
  }

  /** Changes the length of the longest frame that is allowed. */
  void allow(int longest) {
    this.longest = longest;
    int held = end - start;
    var larger = small(longest).put(0, buffer, start, held);
    close();
    small = larger;
    buffer = larger;
    end = held;
  }

  private static ByteBuffer small(int longest) {
    return inOrder(ByteBuffer.allocateDirect(Math.min(INITIAL, LENGTH_BYTES + longest)));
  }

  /**
   * Reads what is there, once.
   *
   * @return the number of bytes; -1 at the end
   */
  public int fill(ReadableByteChannel channel) throws IOException {
    makeRoom();
    buffer.limit(buffer.capacity()).position(end);
    int read = channel.read(buffer);
    end = buffer.position();
    return read;
  }

  /**
   * Returns the next frame if all of it has arrived; null otherwise. Its body is valid until this
   * or {@link #fill} is called again.
   */
  public @Nullable Frame next() throws ProtocolException {
    if (array != null) {
      return nextOf(array);
    }
    if (start == end && block != null) {
      forget();
    }
    if (end - start < LENGTH_BYTES) {
      return null;
    }
    buffer.limit(end);
    if (end - start < wanted()) {
      return null;
    }
    int length = checkedLength();
    int at = start + LENGTH_BYTES;
    if (buffer.get(at) == FrameType.ARRAY.code()) {
      array = newArray(at + 1, length - 2);
      start = at + 2;
      return nextOf(array);
    }
    start = at + length;
    return new Frame(
        FrameType.of(buffer.get(at)),
        buffer.slice(at + 1, length - 1).order(ByteOrder.LITTLE_ENDIAN),
        List.of());
  }

  private ArrivingArray newArray(int at, int length) throws ProtocolException {
    try {
      return ArrivingArray.of(length < 0 ? 0 : buffer.get(at), length);
    } catch (StreamCorruptedException e) {
      throw new ProtocolException(String.valueOf(e.getMessage()));
    }
  }

  /** Moves what has arrived of an array to its place. */
  private @Nullable Frame nextOf(ArrivingArray arriving) {
    start += arriving.take(MemorySegment.ofBuffer(buffer.clear()), start, end - start);
    if (!arriving.isFull()) {
      forget();
      return null;
    }
    array = null;
    return new Frame(FrameType.ARRAY, NOTHING, List.of(arriving));
  }

  private int checkedLength() throws ProtocolException {
    int length = buffer.getInt(start);
    if (length < 1 || length > longest) {
      throw new ProtocolException(
          "frame of " + length + " bytes, where 1 to " + longest + " are allowed");
    }
    return length;
  }

  private void makeRoom() throws ProtocolException {
    if (start == end) {
      start = 0;
      end = 0;
    } else if (end == buffer.capacity() || isWorthMoving()) {
      int held = end - start;
      if (held > buffer.capacity() / 2 && wanted() > buffer.capacity()) {
        grow(wanted());
      } else {
        buffer.put(0, buffer.slice(start, held), 0, held);
      }
      start = 0;
      end = held;
    }
  }

  /** How much of the next frame must be there before it is read: all, but little of an array. */
  private int wanted() throws ProtocolException {
    int length = checkedLength();
    return end - start > LENGTH_BYTES && buffer.get(start + LENGTH_BYTES) == FrameType.ARRAY.code()
        ? LENGTH_BYTES + Math.min(length, 2 + length / GROWTH)
        : LENGTH_BYTES + length;
  }

  /** Whether moving a few bytes makes room for many. */
  private boolean isWorthMoving() {
    return end > buffer.capacity() / 2 && end - start < start / 2;
  }

  private void grow(int wanted) {
    int step = (int) Math.min(wanted, (long) GROWTH * buffer.capacity());
    var larger = memory.take(wanted, step);
    var grown = inOrder(larger.memory().asByteBuffer());
    grown.put(0, buffer, start, end - start);
    giveBack();
    block = larger;
    buffer = grown;
  }

  /** Forgets what has arrived, and gives back what a large frame took. */
  void close() {
    array = null;
    forget();
  }

  private void forget() {
    start = 0;
    end = 0;
    buffer = small;
    giveBack();
  }

  private void giveBack() {
    if (block != null) {
      memory.giveBack(block);
      block = null;
    }
  }

  private static ByteBuffer inOrder(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
