package dev.segue.process.wire;

import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.Random;

/** A connection that takes random amounts, and gives all that it holds. */
final class SlowPipe implements ReadableByteChannel, GatheringByteChannel {
  private final Random random;
  private final ByteBuffer held;

  SlowPipe(Random random, int capacity) {
    this.random = random;
    this.held = ByteBuffer.allocate(capacity);
  }

  int holds() {
    return held.position();
  }

  @Override
  public int write(ByteBuffer from) {
    int count = random.nextInt(Math.min(from.remaining(), held.remaining()) + 1);
    held.put(from.slice(from.position(), count));
    from.position(from.position() + count);
    return count;
  }

  @Override
  public long write(ByteBuffer[] from) {
    return write(from, 0, from.length);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(from[i]);
      if (from[i].hasRemaining()) {
        break;
      }
    }
    return count;
  }

  @Override
  public int read(ByteBuffer into) {
    held.flip();
    int count = Math.min(into.remaining(), held.remaining());
    into.put(held.slice(0, count));
    held.position(count);
    held.compact();
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
