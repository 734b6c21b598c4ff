package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.io.StreamCorruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that are sent before the value that they belong to. */
class LargeArraysTest {
  private static final int LONG = 3_000_001;

  record Holder(Object first, Object second) implements Serializable {}

  private final Encoder encoder = new Encoder(new Dictionary());
  private final CodecPair pair = new CodecPair();

  /** One of each kind, on both sides of each limit. */
  static Stream<Object> arrays() {
    return IntStream.of(
            LargeArray.SHORTEST / 8 - 1,
            LargeArray.SHORTEST / 8,
            LargeArray.SHORTEST,
            64 << 10,
            1 << 20,
            LONG)
        .boxed()
        .flatMap(n -> {
          var longs = IntStream.range(0, n).asLongStream().map(i -> i * 0x9e3779b97f4a7c15L);
          var segment = MemorySegment.ofArray(longs.toArray());
          return Stream.of(
              segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE),
              segment.asSlice(0, n * 2L).toArray(ValueLayout.JAVA_SHORT),
              segment.asSlice(0, n * 2L).toArray(ValueLayout.JAVA_CHAR),
              segment.asSlice(0, n * 4L).toArray(ValueLayout.JAVA_INT),
              segment.asSlice(0, n * 4L).toArray(ValueLayout.JAVA_FLOAT),
              segment.toArray(ValueLayout.JAVA_LONG),
              segment.toArray(ValueLayout.JAVA_DOUBLE));
        });
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void comeBackAsTheyWere(Object array) throws Exception {
    var copy = pair.copy(new Holder("before", array));

    assertThat(((Holder) copy).second()).isEqualTo(array).isNotSameAs(array);
  }

  @Test
  void aSmallArrayStaysInItsValue() throws Exception {
    assertThat(encoder.encode(new byte[LargeArray.SHORTEST - 1]).arrays()).isEmpty();
    assertThat(encoder.encode(new byte[LargeArray.SHORTEST]).arrays()).hasSize(1);
  }

  @Test
  void theLengthOfTheValueCountsThem() throws Exception {
    var encoded = encoder.encode(new int[LONG]);

    assertThat(encoded.length()).isEqualTo(encoded.restLength() + LONG * Integer.BYTES);
    assertThat(encoded.restLength()).isLessThan(10);
    encoded.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {LargeArray.SHORTEST, 100_000, LONG})
  void aCopyDoesNotChangeWithTheArray(int length) throws Exception {
    var array = new byte[length];
    var encoded = encoder.encode(array);

    Arrays.fill(array, (byte) 1);

    assertThat(bytes(encoded)).containsOnly(0).hasSize(length);
    encoded.release();
  }

  @Test
  void whatIsSentAtOnceIsTheArrayItself() throws Exception {
    var array = new byte[LONG];
    var encoded = Encoder.forSendingAtOnce(new Dictionary()).encode(array);

    array[5] = 1;

    assertThat(bytes(encoded)[5]).isEqualTo((byte) 1);
    assertThat(encoded.lease()).isNull();
  }

  @Test
  void aCopyOnTheHeapNeedsNoLease() throws Exception {
    var array = new byte[LONG];
    Arrays.fill(array, (byte) 1);
    var encoded = encoder.encode(array).onHeap();

    assertThat(encoded.lease()).isNull();
    assertThat(bytes(encoded)).isEqualTo(array);
  }

  private static byte[] bytes(Encoded encoded) {
    var bytes = ByteBuffer.allocate(encoded.arrays().getFirst().length());
    for (var piece : encoded.arrays().getFirst().pieces()) {
      bytes.put(piece.toArray(ValueLayout.JAVA_BYTE));
    }
    return bytes.array();
  }

  @Test
  void anArrayThatIsSharedStaysOne() throws Exception {
    var array = new int[LONG];
    var list = new ArrayList<Object>(List.of(array, new long[LONG], array));

    var copy = (List<?>) pair.copy(list);

    assertThat(copy.get(0)).isSameAs(copy.get(2)).isInstanceOf(int[].class);
    assertThat(copy.get(1)).isInstanceOf(long[].class);
  }

  @Test
  void whatJavaSerializationWritesHasNone() throws Exception {
    var encoded = encoder.encode(new Object[] {new int[LONG], new TreeMap<>()});

    assertThat(encoded.arrays()).isEmpty();
    assertThat(encoded.length()).isEqualTo(encoded.restLength());
  }

  @Test
  void oneThatDidNotComeIsMissed() throws Exception {
    var bytes = pair.encode(new Object[] {new byte[LONG]});

    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes), List.of()))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("did not come");
  }

  @Test
  void oneThatTheValueDoesNotHaveIsRefused() throws Exception {
    var bytes = pair.encode("a");
    var array = ArrivingArray.of(Tag.BYTES, LONG);

    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes), List.of(array)))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("does not have");
  }

  @Test
  void onlyWholeArraysOfPrimitivesThatAreLargeArrive() {
    for (byte tag : new byte[] {0, Tag.BOOLEANS, Tag.OBJECTS, Tag.HANDLE}) {
      assertThatThrownBy(() -> ArrivingArray.of(tag, LONG))
          .isInstanceOf(StreamCorruptedException.class);
    }
    for (int length : new int[] {-1, 0, LargeArray.SHORTEST - 8, LargeArray.SHORTEST + 4}) {
      assertThatThrownBy(() -> ArrivingArray.of(Tag.LONGS, length))
          .isInstanceOf(StreamCorruptedException.class);
    }
  }

  @Test
  void theFilterIsAskedAboutThem() {
    var shortArrays = ObjectInputFilter.Config.createFilter("maxarray=" + (LONG - 1));
    var fewBytes = ObjectInputFilter.Config.createFilter("maxbytes=" + LONG);
    for (var filter : List.of(shortArrays, fewBytes)) {
      assertThatThrownBy(() -> new CodecPair(filter).copy(new Holder(new byte[LONG], 1)))
          .isInstanceOf(InvalidClassException.class);
    }
  }
}
