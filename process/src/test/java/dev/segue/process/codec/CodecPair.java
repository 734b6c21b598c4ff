package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** An encoder and the decoder at the other end, which is sent the definitions it needs. */
final class CodecPair {
  private final Dictionary dictionary = new Dictionary();
  private final Encoder encoder = new Encoder(dictionary);
  private final Decoder decoder;
  private final BitSet sent = new BitSet();
  private int lastLength;
  private List<LargeArray> lastArrays = List.of();

  CodecPair() {
    this(null);
  }

  CodecPair(ObjectInputFilter filter) {
    decoder = new Decoder(CodecPair.class.getClassLoader(), filter);
  }

  Object copy(Object value) throws IOException, ClassNotFoundException {
    return decode(ByteBuffer.wrap(encode(value)));
  }

  byte[] encode(Object value) throws IOException {
    var encoded = encoder.encode(value);
    for (int number : encoded.definitions()) {
      if (!sent.get(number)) {
        sent.set(number);
        decoder.define(number, dictionary.definition(number));
      }
    }
    lastLength = encoded.length();
    lastArrays = encoded.arrays();
    return encoded.bytes();
  }

  /** Decodes bytes, with the large arrays of the last value. */
  Object decode(ByteBuffer bytes) throws IOException, ClassNotFoundException {
    return decode(bytes, arrived(lastArrays));
  }

  Object decode(ByteBuffer bytes, List<ArrivingArray> arrays)
      throws IOException, ClassNotFoundException {
    return decoder.decode(bytes, arrays);
  }

  private static List<ArrivingArray> arrived(List<LargeArray> arrays) throws IOException {
    var arrived = new ArrayList<ArrivingArray>();
    for (var array : arrays) {
      var arriving = ArrivingArray.of(array.tag(), array.length());
      for (var piece : array.pieces()) {
        arriving.take(piece, 0, (int) piece.byteSize());
      }
      assertThat(arriving.isFull()).isTrue();
      arrived.add(arriving);
    }
    return arrived;
  }

  int definitionsSent() {
    return sent.cardinality();
  }

  int lastLength() {
    return lastLength;
  }
}
