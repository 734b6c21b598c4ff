package dev.segue.process.wire;

import dev.segue.process.codec.Encoded;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Collects frames, and writes many small ones at once. Guarded by its owner's lock, or confined to
 * its thread.
 */
final class FrameWriter {
  private static final int STAGE = 128 << 10;

  /**
   * Bytes that wait to be staged.
   *
   * @param last the value whose last native memory this is, to be released then; null if none
   */
  private record Pending(MemorySegment bytes, @Nullable Encoded last) {}

  private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE).order(ByteOrder.LITTLE_ENDIAN);
  private final MemorySegment staged = MemorySegment.ofBuffer(stage);
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();

  /** How much of the stage has been written; its position is how much is filled. */
  private int written;

  /** How much of the first pending bytes is in the stage. */
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

  /** Adds a value, which this holds until it has copied the parts. */
  void addValue(Encoded value) {
    var parts = value.parts();
    if (!parts.isEmpty()) {
      value.hold();
      for (int i = 0; i < parts.size(); i++) {
        addPending(parts.get(i), i + 1 < parts.size() ? null : value);
      }
      stagePending();
    }
    addBytes(value.rest(), value.restLength());
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
    if (done.last() != null) {
      done.last().release();
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
      if (filled == written) {
        return true;
      }
      stage.limit(filled).position(written);
      int sent = channel.write(stage);
      written = stage.position();
      stage.limit(STAGE).position(filled);
      if (written == filled) {
        stage.clear();
        written = 0;
      } else if (sent == 0) {
        return false;
      }
    }
  }

  private void stagePending() {
    while (stage.hasRemaining() && !pending.isEmpty()) {
      var next = pending.element().bytes();
      long left = next.byteSize() - firstStaged;
      int length = (int) Math.min(stage.remaining(), left);
      MemorySegment.copy(next, firstStaged, staged, stage.position(), length);
      stage.position(stage.position() + length);
      pendingBytes -= length;
      if (length < left) {
        firstStaged += length;
      } else {
        release(pending.remove());
        firstStaged = 0;
      }
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
