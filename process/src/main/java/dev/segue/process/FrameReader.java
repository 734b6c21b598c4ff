package dev.segue.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what arrives into frames. What it holds grows with what has arrived, never with what a
 * length promises. Confined to one thread at a time.
 */
final class FrameReader {
  /** Before every frame: its length without these bytes. */
  static final int LENGTH_BYTES = 4;

  /** The longest frame between parent and worker; a larger value is refused where it is encoded. */
  static final int LONGEST = 1 << 30;

  private static final int INITIAL = 512 << 10;
  private static final int DIRECT_AT_MOST = 1 << 20;

  /** A heap buffer is read through a direct one of this size, which the JDK keeps. */
  private static final int HEAP_STEP = 128 << 10;

  private int longest;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int start;
  private int end;

  FrameReader(int longest) {
    this.longest = longest;
  }

  /** Allows frames of another length from now on. */
  void allow(int longest) {
    this.longest = longest;
  }

  /**
   * Reads what is there, once.
   *
   * @return the number of bytes; -1 at the end
   */
  int fill(ReadableByteChannel channel) throws IOException {
    makeRoom();
    int limit =
        buffer.isDirect() ? buffer.capacity() : Math.min(buffer.capacity(), end + HEAP_STEP);
    buffer.limit(limit).position(end);
    int read = channel.read(buffer);
    end = buffer.position();
    return read;
  }

  /** The next frame if all of it has arrived; null otherwise. */
  @Nullable Frame next() throws ProtocolException {
    if (end - start < LENGTH_BYTES) {
      return null;
    }
    buffer.limit(end);
    int length = checkedLength();
    if (end - start - LENGTH_BYTES < length) {
      return null;
    }
    int at = start + LENGTH_BYTES;
    start = at + length;
    return new Frame(
        FrameType.of(buffer.get(at)),
        buffer.slice(at + 1, length - 1).order(ByteOrder.LITTLE_ENDIAN));
  }

  private int checkedLength() throws ProtocolException {
    int length = buffer.getInt(start);
    if (length < 1 || length > longest) {
      throw new ProtocolException("a frame of " + length + " bytes; allowed are 1 to " + longest);
    }
    return length;
  }

  private void makeRoom() throws ProtocolException {
    if (start == end) {
      start = 0;
      end = 0;
      if (buffer.capacity() != INITIAL && (buffer.capacity() == 0 || !buffer.isDirect())) {
        buffer = allocate(INITIAL);
      }
    } else if (end == buffer.capacity() || isWorthMoving()) {
      int held = end - start;
      var from = buffer.slice(start, held);
      if (held > buffer.capacity() / 2) {
        // Its length is known by now, and more than half of the buffer has come.
        long wanted = Math.min(2L * buffer.capacity(), (long) checkedLength() + LENGTH_BYTES);
        buffer = allocate((int) Math.max(wanted, buffer.capacity()));
        buffer.put(0, from, 0, held);
      } else {
        buffer.put(0, from, 0, held);
      }
      start = 0;
      end = held;
    }
  }

  /** Whether moving little makes room for much. */
  private boolean isWorthMoving() {
    return end > buffer.capacity() / 2 && end - start < start / 2;
  }

  private static ByteBuffer allocate(int size) {
    var buffer =
        size <= DIRECT_AT_MOST ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
