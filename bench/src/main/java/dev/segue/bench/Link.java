package dev.segue.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/**
 * The barest talk of two processes: a message and its answer in turns, each with its length in four
 * bytes before it.
 */
final class Link implements AutoCloseable {
  static final int HEADER = Integer.BYTES;

  private final SocketChannel channel;
  private ByteBuffer received = newBuffer(1 << 16);

  Link(SocketChannel channel) {
    this.channel = channel;
  }

  /** A message of zeros, its length already written. */
  static ByteBuffer newMessage(int length) {
    return newBuffer(HEADER + length).putInt(0, length);
  }

  private static ByteBuffer newBuffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  /** Sends a message with its header, from its position to its limit. */
  void send(ByteBuffer message) throws IOException {
    while (message.hasRemaining()) {
      channel.write(message);
    }
  }

  /**
   * Waits for a message.
   *
   * @return the message with its header, from position to limit; the next call overwrites it
   */
  ByteBuffer receive() throws IOException {
    received.clear();
    int length = HEADER;
    while (received.position() < length) {
      if (channel.read(received) < 0) {
        throw new EOFException("the other side has closed the socket");
      }
      if (received.position() >= HEADER) {
        length = HEADER + received.getInt(0);
        if (length > received.capacity()) {
          received = newBuffer(length).put(received.flip());
        }
      }
    }
    return received.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
