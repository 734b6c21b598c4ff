package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** An encoder and the decoder at the other end, which is sent the definitions it needs. */
final class CodecPair {
  private final Dictionary dictionary = new Dictionary();
  private final Encoder encoder = new Encoder(dictionary);
  private final Decoder decoder;
  private final BitSet sent = new BitSet();
  private int lastLength;

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
    return Arrays.copyOf(encoded.bytes(), encoded.length());
  }

  Object decode(ByteBuffer bytes) throws IOException, ClassNotFoundException {
    return decoder.decode(bytes);
  }

  int definitionsSent() {
    return sent.cardinality();
  }

  int lastLength() {
    return lastLength;
  }
}
