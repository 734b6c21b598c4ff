package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableFunction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that is encoded and decoded is equal to the original. */
class CodecRoundTripTest {
  enum Colour {
    RED,
    GREEN {
      @Override
      boolean isGreen() {
        return true;
      }
    };

    boolean isGreen() {
      return false;
    }
  }

  record Point(int x, long y, double z, boolean b, byte c, short s, char d, float f, Object o)
      implements Serializable {}

  record Box(Object content) implements Serializable {}

  static final class Node implements Serializable {
    Object next;
  }

  /** Stands for a body in a wrapper that sends only the body. */
  record Wrapper(Callable<?> body) implements Serializable {
    private Object writeReplace() {
      return body;
    }
  }

  static Stream<Object> values() {
    return Stream.of(
        true,
        false,
        (byte) -1,
        (short) -2,
        'c',
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Float.NaN,
        -0.0,
        "",
        "short",
        "a string of more than thirty-two characters",
        "é",
        "€uro",
        "a string of more than thirty-two characters, with an € in it",
        "a broken surrogate \ud800",
        "x".repeat(300),
        Colour.RED,
        Colour.GREEN,
        List.of(),
        List.of(1),
        List.of(1, "b"),
        List.of(1, 2, 3),
        List.of(1L, 2L, 3L),
        List.of(1.0, 2.0),
        Stream.of().toList(),
        Stream.of(1, 2, 3).toList(),
        Stream.of(1, null).toList(),
        Arrays.asList("a", null),
        new ArrayList<>(List.of(1, 2, 3)),
        new ArrayList<>(Arrays.asList(1, null, 3)),
        new LinkedList<>(List.of("a")),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        new HashSet<>(Arrays.asList("a", null)),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        Map.of(),
        Map.of(1, "a"),
        Map.of(1, "a", 2, "b"),
        new HashMap<>(Map.of(Colour.RED, List.of(1))),
        new LinkedHashMap<>(Map.of("a", 1)),
        new TreeMap<>(Map.of("b", 2)),
        new BigInteger("123456789012345678901234567890"),
        new Point(1, 2, 3.0, true, (byte) 4, (short) 5, 'd', 1.5f, List.of("x")),
        new Box(null),
        new Box(new Box(new TreeMap<>(Map.of(1, new Box(2))))));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueComesBackEqualAndOfTheSameClass(Object value) throws Exception {
    var copy = new CodecPair().copy(value);
    assertThat(copy).isEqualTo(value);
    assertThat(copy.getClass()).isEqualTo(value.getClass());
  }

  @Test
  void nullComesBack() throws Exception {
    assertThat(new CodecPair().copy(null)).isNull();
  }

  static Stream<Object> arrays() {
    return Stream.of(
        new boolean[] {true, false},
        new byte[] {1, -1},
        new short[] {1, -1},
        new char[] {'a', '€'},
        new int[] {1, -1},
        new long[] {1, -1},
        new float[] {1, Float.MIN_VALUE},
        new double[] {1, Double.MIN_VALUE},
        new int[0],
        new Object[] {1, "a", null, new int[] {1}},
        new String[] {"a", null},
        new Integer[] {1, 2},
        new int[][] {{1}, {}, null},
        new Colour[] {Colour.GREEN},
        new Box[] {new Box(1)},
        new List<?>[] {List.of(1)});
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void anArrayComesBackDeeplyEqualAndOfTheSameClass(Object array) throws Exception {
    var copy = new CodecPair().copy(array);
    assertThat(copy.getClass()).isEqualTo(array.getClass());
    assertThat(Arrays.deepEquals(new Object[] {copy}, new Object[] {array})).isTrue();
  }

  @Test
  void theBytesMayStandInDirectMemoryAndBetweenOthers() throws Exception {
    var value = new Object[] {"latin", "€", new int[] {1, 2}, 5L};
    var encoded = new Encoder(new Dictionary()).encode(value);
    var direct = ByteBuffer.allocateDirect(encoded.length() + 7);
    direct.position(3);
    direct.put(encoded.bytes(), 0, encoded.length());
    direct.flip().position(3);
    var copy = new Decoder(getClass().getClassLoader(), null).decode(direct);
    assertThat(Arrays.deepEquals((Object[]) copy, value)).isTrue();
    assertThat(direct.remaining()).isZero();
  }

  @Test
  void aListThatRefusesNullStillDoes() throws Exception {
    var copy = (List<?>) new CodecPair().copy(List.of(1, 2, 3));
    assertThat(List.copyOf(copy)).isSameAs(copy);
    var withNulls = (List<?>) new CodecPair().copy(Stream.of(1, 2, 3).toList());
    assertThat(withNulls.contains(null)).isFalse();
  }

  @Test
  void aMapInOrderOfAccessStaysOne() throws Exception {
    var map = new LinkedHashMap<String, Integer>(16, 0.75f, true);
    map.put("a", 1);
    map.put("b", 2);
    @SuppressWarnings("unchecked")
    var copy = (LinkedHashMap<String, Integer>) new CodecPair().copy(map);
    copy.get("a");
    assertThat(copy.keySet()).containsExactly("b", "a");
    assertThat(map.keySet()).containsExactly("a", "b");
  }

  @Test
  void whatWasOneObjectStaysOne() throws Exception {
    var shared = new ArrayList<>(List.of(1));
    var ints = new int[] {1};
    var box = new Box(1);
    var copy = (Object[]) new CodecPair().copy(new Object[] {shared, shared, ints, ints, box, box});
    assertThat(copy[0]).isSameAs(copy[1]);
    assertThat(copy[2]).isSameAs(copy[3]);
    assertThat(copy[4]).isSameAs(copy[5]);
  }

  @Test
  void manyObjectsKeepTheirIdentities() throws Exception {
    var lists = new ArrayList<List<Integer>>();
    for (int i = 0; i < 5_000; i++) {
      lists.add(new ArrayList<>(List.of(i)));
    }
    lists.addAll(new ArrayList<>(lists));
    var copy = (List<?>) new CodecPair().copy(lists);
    for (int i = 0; i < 5_000; i++) {
      assertThat(copy.get(i)).isEqualTo(List.of(i)).isSameAs(copy.get(5_000 + i));
    }
  }

  @Test
  void whatWasOneObjectStaysOneBesideSomethingForJavaSerialization() throws Exception {
    var shared = new ArrayList<>(List.of(1));
    var node = new Node();
    node.next = shared;
    var copy = (Object[]) new CodecPair().copy(new Object[] {shared, node});
    assertThat(copy[0]).isSameAs(((Node) copy[1]).next);
  }

  @Test
  void aCycleComesBackAsOne() throws Exception {
    var list = new ArrayList<>();
    var array = new Object[] {list};
    list.add(array);
    list.add(Map.of(1, list));
    var copy = (List<?>) new CodecPair().copy(list);
    assertThat(((Object[]) copy.get(0))[0]).isSameAs(copy);
    assertThat(((Map<?, ?>) copy.get(1)).get(1)).isSameAs(copy);
  }

  @Test
  void aRecordInsideItselfIsNullThereAsInJavaSerialization() throws Exception {
    var list = new ArrayList<>();
    var box = new Box(list);
    list.add(box);
    var copy = (Box) new CodecPair().copy(box);
    assertThat(copy.content()).isEqualTo(Arrays.asList((Object) null));
    assertThat(((Box) copyByJava(box)).content()).isEqualTo(copy.content());
  }

  @Test
  void aLambdaRunsAgainWithWhatItCaptured() throws Exception {
    int n = 42;
    var list = new ArrayList<>(List.of("a"));
    SerializableCallable<String> body = () -> n + list.get(0);
    assertThat(((Callable<?>) new CodecPair().copy(body)).call()).isEqualTo("42a");
  }

  @Test
  void aMethodReferenceRunsAgain() throws Exception {
    SerializableFunction<String, Integer> length = String::length;
    SerializableCallable<String> bound = "abc"::toUpperCase;
    SerializableFunction<Object, Object> constructor = Box::new;
    var pair = new CodecPair();
    assertThat(apply(pair.copy(length), "abc")).isEqualTo(3);
    assertThat(((Callable<?>) pair.copy(bound)).call()).isEqualTo("ABC");
    assertThat(apply(pair.copy(constructor), 1)).isEqualTo(new Box(1));
  }

  @Test
  void aLambdaMayCaptureWhatOnlyJavaSerializationCanWrite() throws Exception {
    var node = new Node();
    node.next = node;
    SerializableCallable<Boolean> body = () -> node.next == node;
    assertThat(((Callable<?>) new CodecPair().copy(body)).call()).isEqualTo(true);
  }

  @Test
  void aLambdaInsideAValueRunsAgain() throws Exception {
    SerializableCallable<Integer> one = () -> 1;
    SerializableCallable<Integer> two = () -> one.call() + 1;
    var copy = (List<?>) new CodecPair().copy(List.of(one, two));
    assertThat(((Callable<?>) copy.get(1)).call()).isEqualTo(2);
  }

  @Test
  void aShapeIsSentOnceAndThenTheLambdaIsShort() throws Exception {
    var pair = new CodecPair();
    for (int i = 0; i < 3; i++) {
      int n = i;
      SerializableCallable<Integer> body = () -> n;
      assertThat(((Callable<?>) pair.copy(body)).call()).isEqualTo(i);
    }
    assertThat(pair.definitionsSent()).isEqualTo(1);
    assertThat(pair.lastLength()).isLessThanOrEqualTo(40);
  }

  @Test
  void aWrapperThatReplacesItselfWithALambdaIsAsShortAsTheLambda() throws Exception {
    var pair = new CodecPair();
    SerializableCallable<Integer> body = () -> 7;
    assertThat(((Callable<?>) pair.copy(new Wrapper(body))).call()).isEqualTo(7);
    assertThat(pair.lastLength()).isLessThanOrEqualTo(40);
  }

  @Test
  void oneEncoderWritesOneValueAfterTheOther() throws Exception {
    var pair = new CodecPair();
    assertThat((int[]) pair.copy(new int[1_000_000])).hasSize(1_000_000);
    assertThat(pair.copy("x")).isEqualTo("x");
    assertThat(pair.copy(new Box(new ArrayList<>(List.of(1))))).isEqualTo(new Box(List.of(1)));
  }

  @Test
  void aLongStringOrArrayTakesItsOwnLengthAndLittleMore() throws Exception {
    var encoded = new Encoder(new Dictionary()).encode(new int[30_000]);
    assertThat(encoded.length()).isLessThan(120_000 + 10);
    assertThat(encoded.bytes().length).isLessThan(120_000 + 300);
  }

  @Test
  void onlyWhatRunsNoCodeIsPlain() throws Exception {
    for (var value :
        new Object[] {
          1,
          "a",
          new int[3],
          new Object[] {"a", null},
          new String[] {"a"},
          List.of(1, "a"),
          new HashMap<>(Map.of("a", List.of(1))),
          Set.of(1)
        }) {
      assertThat(isPlain(value)).as(String.valueOf(value)).isTrue();
    }
    for (var value :
        new Object[] {
          Colour.RED,
          new Box(1),
          List.of(new Box(1)),
          new Box[0],
          new HashMap<>(Map.of(List.of(1), 1)),
          new HashSet<>(List.of(List.of())),
          new TreeMap<>(),
          (SerializableCallable<Integer>) () -> 1
        }) {
      assertThat(isPlain(value)).as(String.valueOf(value)).isFalse();
    }
  }

  @Test
  void randomGraphsComeBackAsByJavaSerialization() throws Exception {
    var random = new Random(20_250_916);
    var pair = new CodecPair();
    for (int i = 0; i < 2_000; i++) {
      var value = new Graphs(random).next(4);
      assertThat(Graphs.outline(pair.copy(value)))
          .isEqualTo(Graphs.outline(copyByJava(value)))
          .isEqualTo(Graphs.outline(value));
    }
  }

  private static boolean isPlain(Object value) throws Exception {
    var encoded = new Encoder(new Dictionary()).encode(value);
    var bytes = ByteBuffer.wrap(encoded.bytes(), 0, encoded.length());
    boolean plain = Decoder.isPlain(bytes);
    assertThat(bytes.position()).isZero();
    return plain;
  }

  @SuppressWarnings("unchecked")
  private static Object apply(Object function, Object argument) {
    return ((SerializableFunction<Object, Object>) function).apply(argument);
  }

  private static Object copyByJava(Object value) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}
