package dev.segue.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DigestTest {
  record Pair(String name, int[] numbers) {}

  private static final class Money implements Serializable {
    final BigDecimal amount;

    Money(String amount) {
      this.amount = new BigDecimal(amount);
    }
  }

  private static final class Loud implements Serializable {
    private Object writeReplace() {
      throw new IllegalStateException("on purpose");
    }
  }

  static List<List<Object>> equal() {
    var late = new HashSet<>(Arrays.asList("c", "b", "a"));
    var linked = new LinkedHashMap<>(Map.of("x", 1));
    linked.put("a", 2);
    return List.of(
        List.of("text", new String("text")),
        List.of(List.of(1, 2, 3), new LinkedList<>(List.of(1, 2, 3))),
        List.of(late, new TreeSet<>(Set.of("a", "b", "c"))),
        List.of(linked, new TreeMap<>(Map.of("a", 2, "x", 1))),
        List.of(new int[][] {{1, 2}, {3}}, new int[][] {{1, 2}, {3}}),
        List.of(new Pair("p", new int[] {7}), new Pair("p", new int[] {7})),
        List.of(new Money("1.50"), new Money("1.50")),
        List.of(Optional.of(2L), Optional.of(2L)),
        List.of(new byte[20_000], new byte[20_000]));
  }

  @ParameterizedTest
  @MethodSource("equal")
  void equalValuesHaveTheSame(List<Object> both) {
    assertThat(Digest.of(both.get(0))).isEqualTo(Digest.of(both.get(1))).isNotEqualTo(Digest.NONE);
  }

  static List<List<Object>> different() {
    return List.of(
        List.of(1, 1L),
        List.of("1", 1),
        List.of(0.0, -0.0),
        List.of(List.of(1, 2), List.of(2, 1)),
        List.of(List.of("ab", "c"), List.of("a", "bc")),
        List.of(Set.of(1, 2), List.of(1, 2)),
        List.of(Map.of("a", 1, "b", 2), Map.of("a", 2, "b", 1)),
        List.of(new int[] {1}, new long[] {1}),
        List.of(new int[0], new int[1]),
        List.of(new short[] {1}, new short[] {2}),
        List.of(TimeUnit.DAYS, TimeUnit.HOURS),
        List.of(new Money("1.5"), new Money("1.6")),
        List.of(new Pair("p", new int[] {7}), new Pair("p", new int[] {8})),
        List.of(Optional.empty(), "nothing"));
  }

  @ParameterizedTest
  @MethodSource("different")
  void differentValuesHaveAnother(List<Object> both) {
    assertThat(Digest.of(both.get(0))).isNotEqualTo(Digest.of(both.get(1)));
  }

  @Test
  void nullHasOne() {
    assertThat(Digest.of(null)).isEqualTo(Digest.of(null)).isNotEqualTo(Digest.NONE);
  }

  @Test
  void whatIsNotSerializableHasNone() {
    assertThat(Digest.of(new Thread())).isEqualTo(Digest.NONE);
    assertThat(Digest.of(List.of(1, new Thread()))).isEqualTo(Digest.NONE);
  }

  @Test
  void whatContainsItselfHasNone() {
    var list = new ArrayList<Object>();
    list.add(list);
    assertThat(Digest.of(list)).isEqualTo(Digest.NONE);
  }

  @Test
  void whatThrowsHasNone() {
    assertThat(Digest.of(new Loud())).isEqualTo(Digest.NONE);
  }
}
