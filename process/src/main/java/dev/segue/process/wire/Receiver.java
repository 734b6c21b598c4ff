package dev.segue.process.wire;

import dev.segue.process.codec.ArrivingArray;
import dev.segue.process.codec.Decoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection receives from the {@link Sender} on the other: frames, of which it
 * passes definitions on to the decoder, and adds large arrays to the frame of their value. Confined
 * to one thread.
 */
public final class Receiver {
  private final FrameReader in;
  private final Decoder decoder;
  private final int longest;
  private final List<ArrivingArray> arrays = new ArrayList<>();
  private long arraysLength;

  /**
   * Makes one that allows frames of every length.
   *
   * @param in what has arrived so far
   * @param decoder what the values of this connection are decoded with
   */
  public Receiver(FrameReader in, Decoder decoder) {
    this(in, decoder, FrameReader.LONGEST);
  }

  Receiver(FrameReader in, Decoder decoder, int longest) {
    this.in = in;
    this.decoder = decoder;
    this.longest = longest;
    in.allow(longest);
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
   * Returns the next frame that is neither a definition nor a large array if all of it has arrived;
   * null otherwise. Its body is valid until this or {@link #fill} is called again.
   */
  public @Nullable Frame next() throws ProtocolException {
    for (var frame = in.next(); frame != null; frame = in.next()) {
      switch (frame.type()) {
        case DEFINITION -> define(frame.body());
        case ARRAY -> add(frame.arrays());
        default -> {
          return arrays.isEmpty() ? frame : withArrays(frame);
        }
      }
    }
    return null;
  }

  private void add(List<ArrivingArray> more) throws ProtocolException {
    for (var array : more) {
      arraysLength += array.length();
    }
    if (arraysLength > longest) {
      throw new ProtocolException("large arrays of " + arraysLength + " bytes for one value");
    }
    arrays.addAll(more);
  }

  private Frame withArrays(Frame frame) {
    var with = new Frame(frame.type(), frame.body(), List.copyOf(arrays));
    forgetArrays();
    return with;
  }

  private void forgetArrays() {
    arrays.clear();
    arraysLength = 0;
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
    forgetArrays();
    in.close();
  }
}
