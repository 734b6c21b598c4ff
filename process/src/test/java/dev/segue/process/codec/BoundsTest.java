package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InvalidObjectException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes may claim no more than they can contain, and all that they can contain is read. */
class BoundsTest {
  record None() implements Serializable {}

  record Holder(Object content) implements Serializable {
    @Override
    public String toString() {
      return content.getClass().getSimpleName();
    }
  }

  private final CodecPair pair = new CodecPair();

  /** Values that announce much and take few bytes. */
  static Stream<Holder> sparse() {
    var bytes = IntStream.range(-128, 128).mapToObj(i -> (byte) i).toList();
    var keys = new HashMap<Byte, Object>();
    bytes.forEach(each -> keys.put(each, null));
    var sparse = new HashMap<Byte, Object>(16, 0.25f);
    sparse.putAll(keys);
    var sparseSet = new HashSet<Byte>(16, 0.25f);
    sparseSet.addAll(bytes);
    var sparseLinked = new LinkedHashMap<Byte, Object>(16, 0.25f);
    sparseLinked.putAll(keys);
    var table = new Hashtable<Byte, Byte>(10_000, 0.25f);
    bytes.forEach(each -> table.put(each, each));
    var identities = new IdentityHashMap<Object, Object>(5_000);
    identities.putAll(keys);
    var bits = new BitSet();
    bits.set(100_000);
    return Stream.of(
            Collections.nCopies(100, "x"),
            Collections.nCopies(1_000_000_000, "x"),
            Collections.nCopies(0, "x"),
            List.of(Collections.nCopies(5_000, 0), Collections.nCopies(5_000, null)),
            sparse,
            sparseSet,
            sparseLinked,
            table,
            identities,
            bits,
            EnumSet.allOf(TimeUnit.class),
            EnumSet.noneOf(TimeUnit.class),
            new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
            new ConcurrentHashMap<>(Map.of(1, 2)),
            new ArrayDeque<>(bytes),
            new PriorityQueue<>(bytes),
            new PriorityBlockingQueue<>(bytes),
            new CopyOnWriteArrayList<>(bytes),
            new ArrayList<Object>(Collections.nCopies(10_000, null)),
            new Vector<>(10_000),
            Collections.emptyList(),
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.unmodifiableList(new ArrayList<>(Collections.nCopies(10_000, null))),
            Arrays.asList(new Object[10_000]),
            Arrays.asList((Object[]) new int[10_000][0]),
            new ArrayList<>(Collections.nCopies(10_000, new None())),
            IntStream.range(0, 1_000).mapToObj(_ -> new ArrayList<>()).toList(),
            IntStream.range(0, 1_000).mapToObj(_ -> new HashMap<>(Map.of(1, 1))).toList())
        .map(Holder::new);
  }

  @ParameterizedTest
  @MethodSource("sparse")
  void whatTakesFewBytesIsReadInBothForms(Holder holder) throws Exception {
    var ours = ((Holder) pair.copy(holder)).content();
    var java = ((Object[]) pair.copy(new Object[] {holder.content(), new AtomicInteger()}))[0];
    for (var copy : new Object[] {ours, java}) {
      assertThat(copy.getClass()).isEqualTo(holder.content().getClass());
      assertThat(size(copy)).isEqualTo(size(holder.content()));
    }
  }

  private static int size(Object object) {
    return switch (object) {
      case Collection<?> collection -> collection.size();
      case Map<?, ?> map -> map.size();
      case BitSet bits -> bits.cardinality();
      default -> throw new AssertionError(object.getClass());
    };
  }

  @Test
  void aLongTakesEightBytesInAJavaStream() throws Exception {
    assertRefused(
        new Object[] {new long[3], new byte[1_000], new AtomicInteger()},
        new byte[] {0, 0, 0, 3},
        new byte[] {0, 0, 1, 0});
  }

  @Test
  void aTableIsNoLongerThanItsEntriesNeed() throws Exception {
    var sizes = new byte[] {0x77, 8, 0, 0, 0, 2, 0, 0, 0, 1};
    var larger = sizes.clone();
    larger[6] = 1;
    assertRefused(new Object[] {new HashMap<>(Map.of(1, 1)), new AtomicInteger()}, sizes, larger);
  }

  @Test
  void theElementOfCopiesMayNotClaimMoreThanItHas() throws Exception {
    assertRefused(
        Collections.nCopies(1, new long[3]), new byte[] {0, 0, 0, 3}, new byte[] {9, 0, 0, 3});
  }

  /** Encodes a value and changes some of the bytes, where they occur first. */
  private void assertRefused(Object value, byte[] part, byte[] changed) throws Exception {
    var bytes = pair.encode(value);
    int at = 0;
    while (!Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
      at++;
    }
    System.arraycopy(changed, 0, bytes, at, part.length);
    assertThatThrownBy(() -> pair.decode(ByteBuffer.wrap(bytes)))
        .isInstanceOf(InvalidObjectException.class)
        .hasMessageContaining("more elements than the value has bytes");
  }
}
