package dev.segue.process.wire;

import dev.segue.process.codec.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection receives from the {@link Sender} on the other: frames, of which it
 * passes definitions on to the decoder. Confined to one thread.
 */
public final class Receiver {
  private final FrameReader in;
  private final Decoder decoder;

  /**
   * Makes one that allows frames of every length.
   *
   * @param in what has arrived so far
   * @param decoder what the values of this connection are decoded with
   */
  public Receiver(FrameReader in, Decoder decoder) {
    this.in = in;
    this.decoder = decoder;
    in.allow(FrameReader.LONGEST);
  }

  /**
   * Reads what is there, once.
   *
   * @return the number of bytes; -1 at the end
   */
  public int fill(ReadableByteChannel channel) throws IOException {
    return in.fill(channel);
  }

  /**
   * Returns the next frame that is not a definition if all of it has arrived; null otherwise. Its
   * body is valid until this or {@link #fill} is called again.
   */
  public @Nullable Frame next() throws ProtocolException {
    var frame = in.next();
    while (frame != null && frame.type() == FrameType.DEFINITION) {
      define(frame.body());
      frame = in.next();
    }
    return frame;
  }

  private void define(ByteBuffer body) throws ProtocolException {
    if (body.remaining() < Integer.BYTES) {
      throw new ProtocolException("definition without a number");
    }
    int number = body.getInt();
    var definition = new byte[body.remaining()];
    body.get(definition);
    decoder.define(number, definition);
  }

  /** Forgets what has arrived, and frees its memory. */
  public void close() {
    in.close();
  }
}
