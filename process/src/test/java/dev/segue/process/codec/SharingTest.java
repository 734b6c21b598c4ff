package dev.segue.process.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.futures.SerializableCallable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is one object stays one, and what is two stays two, as in Java serialization. */
class SharingTest {
  record Row(int id, Object shared) implements Serializable {}

  private final CodecPair pair = new CodecPair();

  @Test
  void randomGraphsKeepTheIdentitiesThatJavaSerializationKeeps() throws Exception {
    var random = new Random(20_261_129);
    int compared = 0;
    for (int i = 0; i < 5_000; i++) {
      var graph = new SharedGraphs(random).next(5);
      var copy = pair.copy(graph);
      var bytes = byJava(graph);
      if (javaKeeps(graph, bytes)) {
        assertThat(SharedGraphs.outline(copy)).isEqualTo(SharedGraphs.outline(graph));
        compared++;
      }
      assertThat(pair.lastLength()).isLessThan(bytes.length * 5 / 4);
    }
    assertThat(compared).isGreaterThan(4_000);
  }

  /** It does not where something immutable contains itself, by way of an array, say. */
  private static boolean javaKeeps(Object graph, byte[] bytes) throws Exception {
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return SharedGraphs.outline(in.readObject()).equals(SharedGraphs.outline(graph));
    } catch (ClassCastException | ArrayStoreException | AssertionError _) {
      return false;
    }
  }

  private static byte[] byJava(Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    return bytes.toByteArray();
  }

  static Stream<Arguments> shareable() {
    int captured = 5;
    return Stream.of(
            new String("text"),
            new String("τέξτ"),
            "x".repeat(300),
            1000,
            1000L,
            1.5,
            1.5f,
            (short) 1000,
            'ξ',
            new int[1],
            new Object[1],
            new String[1],
            new Integer[] {1},
            new Row[1],
            new ArrayList<>(),
            Arrays.asList(1, "a"),
            List.of(1, "a"),
            Stream.of(1, null).toList(),
            Set.of(1),
            Map.of(1, 2),
            new HashMap<>(),
            new Row(1, null),
            (SerializableCallable<Integer>) () -> captured)
        .map(each -> Arguments.of(new Object[] {each}));
  }

  @ParameterizedTest
  @MethodSource("shareable")
  void anObjectThatOccursTwiceIsOneAndTakesLittleMore(Object object) throws Exception {
    var copy = (Object[]) pair.copy(new Object[] {object, new Row(1, object), null});
    assertThat(((Row) copy[1]).shared()).isSameAs(copy[0]);
    int twice = pair.lastLength();
    pair.encode(new Object[] {object, new Row(1, null), null});
    assertThat(twice - pair.lastLength()).isLessThanOrEqualTo(1);
  }

  @Test
  void equalObjectsStayTwo() throws Exception {
    for (var two :
        new Object[][] {
          {new String("text"), new String("text"), null},
          {Integer.valueOf(1000), Integer.parseInt("1000"), null},
          {List.of(1), List.of(1), null},
        }) {
      assertThat(two[0]).isNotSameAs(two[1]);
      var copy = (Object[]) pair.copy(two);
      assertThat(copy[0]).isNotSameAs(copy[1]).isEqualTo(copy[1]);
    }
  }

  @Test
  void numbersAmongNumbersAreCopied() throws Exception {
    var big = Integer.valueOf(1000);
    var copy = (List<?>) pair.copy(new ArrayList<>(List.of(big, big)));
    assertThat(copy.get(0)).isEqualTo(1000).isNotSameAs(copy.get(1));
  }

  @Test
  void thousandsOfEqualObjectsStayApartAndAreFound() throws Exception {
    var strings = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      strings.add(new String("the same"));
    }
    strings.addAll(List.copyOf(strings));
    var copy = (List<?>) pair.copy(strings);
    for (int i = 1; i < 20_000; i++) {
      assertThat(copy.get(i)).isSameAs(copy.get(20_000 + i)).isNotSameAs(copy.get(i - 1));
    }
  }

  @Test
  void listsOfThemselvesTwiceGrowWithTheirDepthAlone() throws Exception {
    Object nested = List.of("x");
    for (int i = 0; i < 100; i++) {
      nested = List.of(nested, nested);
    }
    var copy = pair.copy(nested);
    assertThat(pair.lastLength()).isLessThan(1_000);
    for (int i = 0; i < 100; i++) {
      var list = (List<?>) copy;
      assertThat(list.get(0)).isSameAs(list.get(1));
      copy = list.get(0);
    }
  }

  @Test
  void manyRowsThatShareATextOrMapContainItOnce() throws Exception {
    var map = IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "key " + i, i -> i));
    for (var shared : new Object[] {Map.copyOf(map), "lorem ipsum ".repeat(100)}) {
      var rows = IntStream.range(0, 1_000).mapToObj(i -> new Row(i, shared)).toList();
      var copy = (List<?>) pair.copy(rows);
      assertThat(pair.lastLength()).isLessThan(12_000);
      assertThat(((Row) copy.get(0)).shared()).isSameAs(((Row) copy.get(999)).shared());
    }
  }

  @Test
  void aListOnAnArrayStaysOnThatArray() throws Exception {
    var array = new String[] {"a", "b"};
    var copy =
        (Object[]) pair.copy(new Object[] {Arrays.asList(array), array, Arrays.asList(array)});
    ((String[]) copy[1])[0] = "c";
    assertThat((List<?>) copy[0]).isEqualTo(List.of("c", "b")).isEqualTo(copy[2]);
    assertThat(copy[0]).isNotSameAs(copy[2]);
  }

  @Test
  void aListOnAnArrayThatContainsItComesBack() throws Exception {
    var array = new Object[1];
    array[0] = Arrays.asList(array);
    var copy = (Object[]) pair.copy(array);
    assertThat(((List<?>) copy[0]).get(0)).isSameAs(copy[0]);
    var list = (List<?>) pair.copy(array[0]);
    assertThat(list.get(0)).isSameAs(list);
  }

  @Test
  void aLambdaMayCallItselfThroughAnArray() throws Exception {
    @SuppressWarnings({"unchecked", "rawtypes"})
    SerializableCallable<Integer>[] self = new SerializableCallable[1];
    int[] left = {3};
    self[0] = () -> left[0]-- == 0 ? 42 : self[0].call();
    assertThat(((Callable<?>) pair.copy(self[0])).call()).isEqualTo(42);
  }

  @Test
  void anEncoderKnowsNothingOfTheValuesBefore() throws Exception {
    var strings = IntStream.range(0, 1_000).mapToObj(Integer::toString).toList();
    for (int n : new int[] {1_000, 3, 500, 9, 1_000}) {
      var part = strings.subList(0, n).toArray();
      assertThat((Object[]) pair.copy(part)).containsExactly(part);
    }
  }
}
