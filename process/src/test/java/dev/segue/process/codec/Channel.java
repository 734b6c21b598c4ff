package dev.segue.process.codec;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/** Both ends of a connection, as far as values go. */
final class Channel {
  private final Dictionary dictionary = new Dictionary();
  private final Encoder encoder = new Encoder(dictionary);
  private final Decoder decoder;
  private final BitSet sent = new BitSet();
  private int lastLength;

  Channel() {
    this(null);
  }

  Channel(ObjectInputFilter filter) {
    decoder = new Decoder(Channel.class.getClassLoader(), filter);
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
