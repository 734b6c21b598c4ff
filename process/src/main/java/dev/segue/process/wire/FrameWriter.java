package dev.segue.process.wire;

import dev.segue.process.codec.Encoded;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Collects frames, and writes many small ones at once. Guarded by its owner's lock, or confined to
 * its thread.
 */
final class FrameWriter {
  private static final int STAGE = 128 << 10;

  /** Native memory of which so much is left is written itself, and not copied before. */
  private static final int DIRECT = STAGE / 2;

  private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

  /**
   * Bytes that wait to be staged.
   *
   * @param done the value to be released then; null if none
   */
  private record Pending(MemorySegment bytes, @Nullable Encoded done) {}

  private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE).order(ByteOrder.LITTLE_ENDIAN);
  private final MemorySegment staged = MemorySegment.ofBuffer(stage);
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();

  /** How much of the stage has been written; its position is how much is filled. */
  private int written;

  /** How much of the first pending bytes is in the stage, or written. */
  private long firstStaged;

  private long pendingBytes;

  /** Adds a frame whose body is one buffer. */
  void add(FrameType type, byte[] body, int length) {
    addHead(type, length);
    addBytes(body, length);
  }

  /** Starts a frame. The announced number of bytes must follow through the other methods. */
  void addHead(FrameType type, int bodyLength) {
    var head = room(FrameReader.LENGTH_BYTES + 1);
    head.putInt(bodyLength + 1).put(type.code());
    queued(head);
  }

  void addLong(long value) {
    var bytes = room(Long.BYTES);
    bytes.putLong(value);
    queued(bytes);
  }

  void addInt(int value) {
    var bytes = room(Integer.BYTES);
    bytes.putInt(value);
    queued(bytes);
  }

  void addByte(int value) {
    var bytes = room(1);
    bytes.put((byte) value);
    queued(bytes);
  }

  /** Adds bytes, which must not change until they have been written. */
  void addBytes(byte[] bytes, int length) {
    if (pending.isEmpty() && stage.remaining() >= length) {
      stage.put(bytes, 0, length);
    } else if (length > 0) {
      addPending(MemorySegment.ofArray(bytes).asSlice(0, length), null);
    }
  }

  /** Adds the bytes of a value without its large arrays. */
  void addRest(Encoded value) {
    addBytes(value.rest(), value.restLength());
  }

  /** Adds the large arrays of a value, which this holds until it has written the last of them. */
  void addArrays(Encoded value) {
    if (value.arrays().isEmpty()) {
      return;
    }
    value.hold();
    for (var array : value.arrays()) {
      addHead(FrameType.ARRAY, 1 + array.length());
      addByte(array.tag());
      array.pieces().forEach(piece -> addPending(piece, null));
    }
    pending.add(new Pending(NONE, value));
  }

  private void addPending(MemorySegment bytes, @Nullable Encoded last) {
    pending.add(new Pending(bytes, last));
    pendingBytes += bytes.byteSize();
  }

  /** Forgets what waits to be written. */
  void discard() {
    for (var next : pending) {
      release(next);
    }
    pending.clear();
    pendingBytes = 0;
    firstStaged = 0;
    stage.clear();
    written = 0;
  }

  private static void release(Pending done) {
    if (done.done() != null) {
      done.done().release();
    }
  }

  /** How many bytes wait to be written. */
  long waiting() {
    return stage.position() - written + pendingBytes;
  }

  /**
   * Writes what the channel takes.
   *
   * @return whether all has been written
   */
  boolean flush(WritableByteChannel channel) throws IOException {
    while (true) {
      stagePending();
      int filled = stage.position();
      var direct = direct();
      if (filled == written && direct == null) {
        return true;
      }
      stage.limit(filled).position(written);
      int sent = write(channel, stage, direct);
      int sentOfStage = stage.position() - written;
      written += sentOfStage;
      stage.limit(STAGE).position(filled);
      if (written == filled) {
        stage.clear();
        written = 0;
      }
      if (sent > sentOfStage) {
        passed(pending.element(), sent - sentOfStage);
      }
      if (sent == 0) {
        return false;
      }
    }
  }

  private static int write(
      WritableByteChannel channel, ByteBuffer first, @Nullable ByteBuffer second)
      throws IOException {
    if (second != null && channel instanceof GatheringByteChannel gathering) {
      return (int) gathering.write(new ByteBuffer[] {first, second});
    }
    int sent = first.hasRemaining() ? channel.write(first) : 0;
    return second == null || first.hasRemaining() ? sent : sent + channel.write(second);
  }

  /** Returns the first pending bytes if they are not worth a copy; null otherwise. */
  private @Nullable ByteBuffer direct() {
    var first = pending.peek();
    return first != null && isDirect(first)
        ? first.bytes().asByteBuffer().position((int) firstStaged)
        : null;
  }

  private boolean isDirect(Pending first) {
    return first.bytes().isNative() && left(first) >= DIRECT;
  }

  private long left(Pending first) {
    return first.bytes().byteSize() - firstStaged;
  }

  /** Notes that more of the first pending bytes has been staged or written. */
  private void passed(Pending first, int length) {
    pendingBytes -= length;
    firstStaged += length;
    if (left(first) == 0) {
      release(pending.remove());
      firstStaged = 0;
    }
  }

  private void stagePending() {
    for (var next = pending.peek();
        next != null && stage.hasRemaining() && !isDirect(next);
        next = pending.peek()) {
      int length = (int) Math.min(stage.remaining(), left(next));
      MemorySegment.copy(next.bytes(), firstStaged, staged, stage.position(), length);
      stage.position(stage.position() + length);
      passed(next, length);
    }
  }

  /** Returns the stage if it has room and nothing waits behind it, else a new buffer. */
  private ByteBuffer room(int bytes) {
    return pending.isEmpty() && stage.remaining() >= bytes
        ? stage
        : ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void queued(ByteBuffer bytes) {
    if (bytes != stage) {
      addPending(MemorySegment.ofBuffer(bytes.flip()), null);
    }
  }
}
