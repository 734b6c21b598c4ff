package dev.segue.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.process.codec.ArrivingArray;
import dev.segue.process.codec.Decoder;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Unpacks what a {@link PayloadWriter} has packed. It has a decoder for each writer, so that a
 * class is looked up once and not for each value. Safe for use by several threads.
 */
final class PayloadReader {
  /** A writer that has not been heard of for so many others is forgotten: it defines all again. */
  private static final int MOST_WRITERS = 1_000;

  private final ClassLoader loader;

  @GuardedBy("decoders")
  private final Map<UUID, Decoder> decoders =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Decoder> eldest) {
          return size() > MOST_WRITERS;
        }
      };

  /**
   * Makes one.
   *
   * @param loader finds the classes of values for which no other loader is given
   */
  PayloadReader(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Unpacks a value, which is not decoded yet.
   *
   * @throws IOException if the bytes are faulty
   */
  Payload read(byte[] payload) throws IOException {
    var in = ByteBuffer.wrap(payload);
    try {
      var kind = Payload.Kind.of(in.get());
      var decoder = decoder(new UUID(in.getLong(), in.getLong()));
      int definitions = in.getInt();
      int arrays = in.getInt();
      for (int i = 0; i < definitions; i++) {
        readDefinition(in, decoder);
      }
      var arrived = arrays == 0 ? List.<ArrivingArray>of() : new ArrayList<ArrivingArray>();
      for (int i = 0; i < arrays; i++) {
        arrived.add(readArray(in, payload));
      }
      return new Payload(kind, in, arrived, decoder);
    } catch (BufferUnderflowException e) {
      throw (IOException) new StreamCorruptedException("a payload that ends early").initCause(e);
    }
  }

  private Decoder decoder(UUID writer) {
    synchronized (decoders) {
      return decoders.computeIfAbsent(writer, _ -> new Decoder(loader, null));
    }
  }

  private static void readDefinition(ByteBuffer in, Decoder decoder) throws IOException {
    int number = in.getInt();
    int length = nextLength(in);
    if (decoder.isDefined(number)) {
      in.position(in.position() + length);
    } else {
      var definition = new byte[length];
      in.get(definition);
      decoder.define(number, definition);
    }
  }

  private static ArrivingArray readArray(ByteBuffer in, byte[] payload) throws IOException {
    byte tag = in.get();
    int length = nextLength(in);
    var array = ArrivingArray.of(tag, length);
    array.take(MemorySegment.ofArray(payload), in.position(), length);
    in.position(in.position() + length);
    return array;
  }

  private static int nextLength(ByteBuffer in) throws StreamCorruptedException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new StreamCorruptedException(
          length + " bytes expected, but " + in.remaining() + " are left");
    }
    return length;
  }
}
