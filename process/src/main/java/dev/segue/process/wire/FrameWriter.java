package dev.segue.process.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;

/**
 * Collects frames, and writes many small ones at once. Guarded by its owner's lock, or confined to
 * its thread.
 */
final class FrameWriter {
  private static final int STAGE = 128 << 10;

  private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE).order(ByteOrder.LITTLE_ENDIAN);
  private final ArrayDeque<ByteBuffer> pending = new ArrayDeque<>();

  /** How much of the stage has been written; its position is how much is filled. */
  private int written;

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
    } else {
      pending.add(ByteBuffer.wrap(bytes, 0, length));
      pendingBytes += length;
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
      var next = pending.peek();
      int length = Math.min(stage.remaining(), next.remaining());
      stage.put(stage.position(), next, next.position(), length);
      stage.position(stage.position() + length);
      next.position(next.position() + length);
      pendingBytes -= length;
      if (!next.hasRemaining()) {
        pending.remove();
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
      pending.add(bytes.flip());
      pendingBytes += bytes.remaining();
    }
  }
}
