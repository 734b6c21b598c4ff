package dev.segue.cluster;

import dev.segue.process.codec.Dictionary;
import dev.segue.process.codec.Encoded;
import dev.segue.process.codec.Encoder;
import dev.segue.process.codec.UnencodableException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Packs encoded values, each into one array with all that a {@link PayloadReader} needs for it:
 * whose definitions these are, the definitions, and the large arrays, which are copied this once.
 * Spark sends such an array wherever it likes, and again if an executor is lost, so that nothing
 * can be left out that was sent before. Safe for use by several threads.
 */
final class PayloadWriter {
  static final int HEAD = 1 + 2 * Long.BYTES + 2 * Integer.BYTES;
  private static final long LONGEST = Integer.MAX_VALUE - 64;

  private final UUID id = UUID.randomUUID();
  private final Dictionary dictionary;

  /** Makes one for receivers that cannot load some classes: see {@link Dictionary}. */
  PayloadWriter(Function<Class<?>, @Nullable String> refusal) {
    this.dictionary = new Dictionary(refusal);
  }

  /** Makes an encoder, whose values have to be written before they change. */
  Encoder encoder() {
    return Encoder.forSendingAtOnce(dictionary);
  }

  /**
   * Packs a value that {@link #encoder} has encoded.
   *
   * @throws UnencodableException if it is longer than an array can be
   */
  byte[] write(Payload.Kind kind, Encoded value) throws UnencodableException {
    long length = HEAD + (long) value.length();
    var definitions = new byte[value.definitions().length][];
    for (int i = 0; i < definitions.length; i++) {
      definitions[i] = dictionary.definition(value.definitions()[i]);
      length += 2 * Integer.BYTES + definitions[i].length;
    }
    length += (1L + Integer.BYTES) * value.arrays().size();
    if (length > LONGEST) {
      var why = "it has " + length + " bytes, more than the maximum of " + LONGEST;
      throw new UnencodableException(why, "", new IOException(why));
    }
    var payload = new byte[(int) length];
    var out = ByteBuffer.wrap(payload);
    out.put(kind.code())
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .putInt(definitions.length)
        .putInt(value.arrays().size());
    for (int i = 0; i < definitions.length; i++) {
      out.putInt(value.definitions()[i]).putInt(definitions[i].length).put(definitions[i]);
    }
    var memory = MemorySegment.ofArray(payload);
    for (var array : value.arrays()) {
      out.put(array.tag()).putInt(array.length());
      for (var piece : array.pieces()) {
        MemorySegment.copy(piece, 0, memory, out.position(), piece.byteSize());
        out.position(out.position() + (int) piece.byteSize());
      }
    }
    out.put(value.rest(), 0, value.restLength());
    return payload;
  }
}
