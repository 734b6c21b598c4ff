package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.futures.SerializableCallable;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.InvalidObjectException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Faulty bytes, rejected classes and failing objects. */
class CodecFaultTest {
  /** How many of the last samples are encoded by Java serialization. */
  private static final int JAVA_SAMPLES = 3;

  record Positive(int n) implements Serializable {
    Positive {
      if (n < 0) {
        throw new IllegalArgumentException("negative: " + n);
      }
    }
  }

  static final class Deep implements Serializable {
    Deep inner;
  }

  /** Waits until it is interrupted. */
  static final class Interrupted implements Serializable {
    transient boolean seen;

    private void readObject(ObjectInputStream in) {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException _) {
        seen = true;
      }
    }
  }

  static final class Failing implements Serializable {
    private void readObject(ObjectInputStream in) {
      throw new IllegalStateException("cannot be read");
    }
  }

  static final class Big implements Serializable {
    final Object[] elements;

    Big(int n) {
      elements = new Object[n];
    }
  }

  @Test
  void bytesAfterTheValueAreRefused() throws Exception {
    var pair = new CodecPair();
    var bytes = Arrays.copyOf(pair.encode("a"), pair.lastLength() + 1);
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("1 bytes after");
    var java = pair.encode(new TreeSet<>(List.of(1)));
    var longer = Arrays.copyOf(java, java.length + 1);
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(longer)))
        .isInstanceOf(StreamCorruptedException.class);
  }

  @Test
  void anyValueCutShortIsRefused() throws Exception {
    var pair = new CodecPair();
    for (var value : samples()) {
      var bytes = pair.encode(value);
      for (int n = 0; n < bytes.length; n++) {
        var part = ByteBuffer.wrap(bytes, 0, n);
        assertThatThrownBy(() -> pair.decode(part)).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aLengthThatTheBytesCannotFillAllocatesNothing() {
    for (byte tag = Tag.BOOLEANS; tag <= Tag.MAP_OF; tag++) {
      var bytes =
          new byte[] {Tag.PLAIN, tag, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0};
      assertThatThrownBy(() -> new CodecPair().decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(StreamCorruptedException.class);
    }
  }

  @Test
  void lengthsInsideEachOtherCannotCountTheSameBytesTwice() {
    int n = 100_000;
    var bytes = ByteBuffer.allocate(n);
    bytes.put(Tag.PLAIN);
    // Each of these lists claims to hold all the rest.
    for (int i = 0; i < 400; i++) {
      bytes.put(Tag.ARRAY_LIST).put((byte) 0xa0).put((byte) 0x8d).put((byte) 6).put(Tag.NULL);
    }
    bytes.rewind();
    assertThatThrownBy(() -> new CodecPair().decode(bytes))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("values cannot fit in");
  }

  @Test
  void unknownTagsHandlesAndDefinitionsAreRefused() {
    for (var bytes :
        new byte[][] {
          {Tag.PLAIN, 99},
          {9, 0},
          {Tag.PLAIN, Tag.HANDLE, 0},
          {Tag.MIXED, Tag.RECORD, 0},
          {Tag.MIXED, Tag.LAMBDA, 3, 0},
          {Tag.MIXED, Tag.ENUM, 3, 0},
          {Tag.MIXED, Tag.ARRAY, 3, 0},
          {}
        }) {
      assertThatThrownBy(() -> new CodecPair().decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(StreamCorruptedException.class);
    }
  }

  @Test
  void aValueThatOnlyCallsItselfPlainIsRefused() throws Exception {
    var pair = new CodecPair();
    for (var value :
        new Object[] {
          Thread.State.NEW,
          new Positive(1),
          new TreeSet<>(),
          new HashMap<>(Map.of(List.of(), 1)),
          new Positive[0],
          (SerializableCallable<Integer>) () -> 1
        }) {
      var bytes = pair.encode(value);
      bytes[0] = Tag.PLAIN;
      assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(StreamCorruptedException.class)
          .hasMessageContaining("in a plain value");
    }
  }

  @Test
  void aDefinitionOfAnotherKindIsRefused() throws Exception {
    var pair = new CodecPair();
    var bytes = pair.encode(new Positive(1));
    bytes[1] = Tag.ENUM;
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("has the wrong kind, not EnumShape");
  }

  @Test
  void aMissingClassIsNamed() throws Exception {
    var dictionary = new Dictionary();
    var encoded = new Encoder(dictionary).encode(new Positive(1));
    var decoder = new Decoder(ClassLoader.getPlatformClassLoader(), null);
    decoder.define(0, dictionary.definition(0));
    assertThatThrownBy(() -> decoder.decode(ByteBuffer.wrap(encoded.bytes(), 0, encoded.length())))
        .isInstanceOf(ClassNotFoundException.class)
        .hasMessageContaining(Positive.class.getName());
  }

  @Test
  void whatARecordsConstructorThrowsIsTheCause() throws Exception {
    var pair = new CodecPair();
    var bytes = pair.encode(new Positive(1));
    bytes[bytes.length - 1] = -1;
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(InvalidObjectException.class)
        .hasRootCauseInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatReadObjectThrowsIsTheCause() {
    assertThatThrownBy(() -> new CodecPair().copy(new Failing()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be read")
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void theFilterIsAskedAboutClassesInBothForms() {
    ObjectInputFilter noPositive =
        ObjectInputFilter.Config.createFilter("!" + Positive.class.getName());
    for (var value :
        new Object[] {
          new Positive(1),
          new ArrayList<>(List.of(new Positive(1))),
          new Positive[1],
          new TreeMap<>(Map.of(1, new Positive(1)))
        }) {
      assertThatThrownBy(() -> new CodecPair(noPositive).copy(value))
          .isInstanceOf(InvalidClassException.class);
    }
  }

  @Test
  void theFilterIsAskedAboutEnumsLambdasAndArrayLengths() {
    var noStates = ObjectInputFilter.Config.createFilter("!java.lang.Thread$State");
    assertThatThrownBy(() -> new CodecPair(noStates).copy(Thread.State.NEW))
        .isInstanceOf(InvalidClassException.class);
    var notMine = ObjectInputFilter.Config.createFilter("!" + getClass().getName());
    assertThatThrownBy(() -> new CodecPair(notMine).copy((SerializableCallable<Integer>) () -> 1))
        .isInstanceOf(InvalidClassException.class);
    var shortArrays = ObjectInputFilter.Config.createFilter("maxarray=10");
    assertThatThrownBy(
            () -> new CodecPair(shortArrays).copy(new Object[] {new int[11], Thread.State.NEW}))
        .isInstanceOf(InvalidClassException.class);
  }

  @Test
  void theFilterIsToldHowDeepAndHowMany() throws Exception {
    var seen = new ArrayList<ObjectInputFilter.FilterInfo>();
    var pair =
        new CodecPair(info -> {
          seen.add(info);
          return ObjectInputFilter.Status.UNDECIDED;
        });
    pair.copy(new ArrayList<>(List.of(new Positive(1), new Positive(2))));
    assertThat(seen).extracting(info -> info.depth()).containsExactly(1L, 2L, 2L);
    assertThat(seen).extracting(info -> info.references()).containsExactly(1L, 2L, 3L);
    assertThat(seen.getLast().serialClass()).isEqualTo(Positive.class);
    assertThat(seen.getLast().streamBytes()).isPositive();
  }

  @Test
  void aFilterThatThrowsRefuses() {
    ObjectInputFilter broken =
        _ -> {
          throw new IllegalStateException("broken");
        };
    assertThatThrownBy(() -> new CodecPair(broken).copy(new Positive(1)))
        .isInstanceOf(InvalidClassException.class)
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void arraysOfAJavaStreamCannotBeLongerThanTheStream() throws Exception {
    var pair = new CodecPair();
    int n = 0x0102_0304 >> 12;
    var bytes = pair.encode(new Big(n));
    assertThat(((Big) pair.decode(ByteBuffer.wrap(bytes))).elements).hasSize(n);
    // The length comes right before the nulls.
    int at = bytes.length - n - Integer.BYTES;
    ByteBuffer.wrap(bytes).putInt(at, Integer.MAX_VALUE - 8);
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("more elements than the value has bytes");
  }

  @Test
  void deepGraphsComeBackUpToTheLimitAndAreRefusedBeyond() throws Exception {
    assertThat(depth(new CodecPair().copy(nested(400)))).isEqualTo(400);
    assertThat(((Deep) new CodecPair().copy(chain(600))).inner).isNotNull();
    for (int depth : new int[] {501, Tag.DEEPEST}) {
      assertThat(depth(copiedOnALargeStack(nested(depth)))).isEqualTo(depth);
      assertThat(copiedOnALargeStack(chain(depth))).isInstanceOf(Deep.class);
    }
    for (var value : new Object[] {nested(Tag.DEEPEST + 1), chain(Tag.DEEPEST + 1)}) {
      assertThat(copiedOnALargeStack(value))
          .isInstanceOfSatisfying(
              UnencodableException.class,
              e -> assertThat(e).hasMessageContaining("more than 10000 objects in each other"));
    }
    assertThatThrownBy(() -> new CodecPair().encode(nested(1_000_000)))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("nested too deeply", "-Xss");
  }

  /** Returns a copy that is encoded on a large stack and decoded on this one; or the failure. */
  private static Object copiedOnALargeStack(Object value) throws Exception {
    var pair = new CodecPair();
    var result = new AtomicReference<>();
    var writer =
        new Thread(
            null,
            () -> {
              try {
                result.set(pair.encode(value));
              } catch (IOException e) {
                result.set(e);
              }
            },
            "with a large stack",
            256L << 20);
    writer.start();
    writer.join();
    return result.get() instanceof byte[] bytes
        ? pair.decode(ByteBuffer.wrap(bytes))
        : result.get();
  }

  @Test
  void aDeepGraphForJavaSerializationIsRefusedCleanly() {
    var value = chain(1_000_000);
    assertThatThrownBy(() -> new CodecPair().encode(value))
        .isInstanceOf(UnencodableException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void aDeepGraphThatDoesNotSayThatItIsDeepIsNotRead() throws Exception {
    for (var value : new Object[] {nested(600), chain(600)}) {
      var pair = new CodecPair();
      var bytes = pair.encode(value);
      assertThat(bytes[0]).isEqualTo(Tag.DEEP);
      bytes[0] = Tag.MIXED;
      assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nested deeper than 500");
    }
  }

  @Test
  void anInterruptReachesWhatDecodesADeepGraph() throws Exception {
    var value = new Object[] {chain(600), new Interrupted()};
    var pair = new CodecPair();
    var bytes = pair.encode(value);
    Thread.currentThread().interrupt();
    var copy = (Object[]) pair.decode(ByteBuffer.wrap(bytes));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(((Interrupted) copy[1]).seen).isTrue();
  }

  @ParameterizedTest
  @ValueSource(bytes = {Tag.PLAIN, Tag.DEEP})
  void depthInFaultyBytesOverflowsNoStack(byte head) {
    var bytes = ByteBuffer.allocate(4_000_001);
    bytes.put(head);
    while (bytes.hasRemaining()) {
      bytes.put(Tag.ARRAY_LIST).put((byte) 1).put(Tag.NULL).put(Tag.ARRAY_LIST);
      bytes.position(bytes.position() - 1);
      if (bytes.remaining() < 4) {
        break;
      }
    }
    bytes.rewind();
    assertThatThrownBy(() -> new CodecPair().decode(bytes))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  @Timeout(180)
  void randomAndMutatedBytesNeverDoMoreThanFail() throws Exception {
    var random = new Random(7);
    var pair = new CodecPair();
    var samples = new ArrayList<byte[]>();
    for (var value : samples()) {
      samples.add(pair.encode(value));
    }
    int ours = samples.size() - JAVA_SAMPLES;
    int refused = 0;
    for (int i = 0; i < 100_000; i++) {
      // Missing classes are slow to search for, so there are fewer of those.
      int sample =
          random.nextInt(8) == 0 ? ours + random.nextInt(JAVA_SAMPLES) : random.nextInt(ours);
      var bytes = i % 4 == 0 ? random(random) : mutated(samples.get(sample), random);
      try {
        pair.decode(ByteBuffer.wrap(bytes));
      } catch (IOException | ClassNotFoundException | LinkageError _) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(50_000);
  }

  @Test
  void definitionsMayArriveWhileOthersAreUsed() throws Exception {
    var dictionary = new Dictionary();
    var encoded = new Encoder(dictionary).encode(new Positive(5));
    var decoder = new Decoder(getClass().getClassLoader(), null);
    decoder.define(0, dictionary.definition(0));
    var failure = new AtomicReference<Throwable>();
    var reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int i = 0; i < 20_000; i++) {
                  decoder.decode(ByteBuffer.wrap(encoded.bytes(), 0, encoded.length()));
                }
              } catch (Throwable t) {
                failure.set(t);
              }
            });
    for (int i = 1; i < 20_000; i++) {
      decoder.define(i, dictionary.definition(0));
    }
    reader.join();
    assertThat(failure.get()).isNull();
  }

  private static List<Object> samples() {
    int captured = 5;
    var pairs = new ArrayList<Object>();
    pairs.add(new Graphs.Pair(1, "left", pairs));
    pairs.add(new Positive(3));
    SerializableCallable<Object> lambda = () -> captured + pairs.size();
    return Arrays.asList(
        new Object[] {1, "a", 2L, 'c', null, true, 1.5, 2.5f, (byte) 1, (short) 2, "€€"},
        List.of(1, 2, 3),
        pairs,
        lambda,
        new Object[] {Thread.State.NEW, new int[5], new long[3], Map.of(1, 2), new Positive[2]},
        new HashMap<>(Map.of("a", List.of("b"), "c", new ArrayList<>(List.of(1L, 2L)))),
        new TreeMap<>(Map.of("a", List.of(1), "b", new HashMap<>(Map.of(1, 2)))),
        new Big(3),
        (SerializableCallable<Object>) () -> new TreeSet<>(List.of(pairs.size())));
  }

  private static byte[] random(Random random) {
    var bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length > 1) {
      bytes[0] = (byte) (1 + random.nextInt(2));
      bytes[1] = (byte) random.nextInt(50);
    }
    return bytes;
  }

  private static byte[] mutated(byte[] sample, Random random) {
    var bytes = sample.clone();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static Deep chain(int length) {
    var deep = new Deep();
    for (int i = 1; i < length; i++) {
      var outer = new Deep();
      outer.inner = deep;
      deep = outer;
    }
    return deep;
  }

  private static Object nested(int depth) {
    var outer = new ArrayList<>();
    for (int i = 1; i < depth; i++) {
      outer = new ArrayList<>(Arrays.asList((Object) outer));
    }
    return outer;
  }

  private static int depth(Object nested) {
    int depth = 0;
    for (Object each = nested; each != null; depth++) {
      var list = (List<?>) each;
      each = list.isEmpty() ? null : list.getFirst();
    }
    return depth;
  }
}
