package dev.segue.process.codec;

import dev.segue.futures.SerializableCallable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Random graphs of all that has a tag of its own, with shared parts and cycles. */
final class SharedGraphs {
  enum Colour {
    RED,
    GREEN
  }

  record Pair(int id, Object left, Object right) implements Serializable {}

  record None() implements Serializable {}

  /** Goes by Java serialization, and all of the graph with it. */
  static final class Link implements Serializable {
    Object to;
  }

  private final Random random;
  private final List<Object> made = new ArrayList<>();

  SharedGraphs(Random random) {
    this.random = random;
  }

  Object next(int depth) {
    if (!made.isEmpty() && random.nextInt(3) == 0) {
      return made.get(random.nextInt(made.size()));
    }
    return depth == 0 || random.nextInt(3) == 0 ? leaf() : branch(depth - 1);
  }

  private Object leaf() {
    return switch (random.nextInt(19)) {
      case 0 -> null;
      case 1 -> keep("text " + random.nextInt(3));
      case 2 -> keep("τέξτ " + random.nextInt(3));
      case 3 -> keep("x".repeat(300));
      case 4 -> keep(random.nextInt(-200, 200));
      case 5 -> keep((long) random.nextInt(-200, 200));
      case 6 -> keep((double) random.nextInt(3));
      case 7 -> keep((float) random.nextInt(3));
      case 8 -> keep((short) random.nextInt(-200, 200));
      case 9 -> keep((char) random.nextInt(300));
      case 10 -> (byte) random.nextInt();
      case 11 -> random.nextBoolean();
      case 12 -> Colour.values()[random.nextInt(2)];
      case 13 -> keep(new int[random.nextInt(3)]);
      case 14 -> keep(new byte[random.nextInt(3)]);
      case 15 -> keep(new double[random.nextInt(3)]);
      case 16 -> keep(new boolean[random.nextInt(3)]);
      case 17 -> keep(new None());
      default -> keep(List.of());
    };
  }

  private Object branch(int depth) {
    return switch (random.nextInt(20)) {
      case 0 -> fill(keep(new ArrayList<>()), depth);
      case 1 -> fill(keep(new LinkedList<>()), depth);
      case 2 -> fill(keep(new Object[random.nextInt(4)]), depth);
      case 3 -> fill(keep(new Object[random.nextInt(3)][1]), depth);
      case 4 -> keep(Arrays.asList(fill(keep(new Object[random.nextInt(3)]), depth)));
      case 5 -> keep(Arrays.asList(keep(new String[] {"a", null})));
      case 6 -> keep(Arrays.asList(keep(new Integer[] {500, null})));
      case 7 -> keep(new Integer[] {1000, 2000});
      case 8 -> keep(List.of(some(depth, random.nextInt(1, 4))));
      case 9 -> keep(Stream.of(next(depth), null, next(depth)).toList());
      case 10 -> keep(Set.of(keys()));
      case 11 -> keep(new HashSet<>(List.of(keys())));
      case 12 -> keep(new LinkedHashSet<>(List.of(keys())));
      case 13 -> put(keep(new HashMap<>()), depth);
      case 14 -> put(keep(new LinkedHashMap<>()), depth);
      case 15 -> keep(Map.of(key(), some(depth, 1)[0]));
      case 16, 17 -> keep(new Pair(random.nextInt(), next(depth), next(depth)));
      case 18 -> {
        var captured = next(depth);
        yield keep((SerializableCallable<Object>) () -> captured);
      }
      default -> random.nextInt(5) == 0 ? link(depth) : keep(random.ints(3).boxed().toList());
    };
  }

  private <T> T keep(T object) {
    made.add(object);
    return object;
  }

  private Link link(int depth) {
    var link = keep(new Link());
    link.to = next(depth);
    return link;
  }

  private Object fill(Collection<Object> list, int depth) {
    for (int n = random.nextInt(5); n > 0; n--) {
      list.add(next(depth));
    }
    return list;
  }

  private Object[] fill(Object[] array, int depth) {
    for (int i = 0; i < array.length; i++) {
      if (array.getClass() == Object[].class) {
        array[i] = next(depth);
      } else {
        array[i] = fill(keep(new Object[2]), depth);
      }
    }
    return array;
  }

  private Object[] some(int depth, int n) {
    return Stream.generate(() -> next(depth)).filter(each -> each != null).limit(n).toArray();
  }

  private Object put(Map<Object, Object> map, int depth) {
    for (int n = random.nextInt(4); n > 0; n--) {
      map.put(key(), next(depth));
    }
    return map;
  }

  private Object key() {
    return keep(random.nextBoolean() ? (Object) ("key " + random.nextInt(9)) : random.nextInt(300));
  }

  private Object[] keys() {
    return Stream.generate(this::key).limit(random.nextInt(4)).distinct().toArray();
  }

  /** A graph as text, in which each object has the number of its first appearance. */
  static String outline(Object root) throws Exception {
    return new Outline().of(root);
  }

  private static final class Outline {
    private final Map<Object, Integer> seen = new IdentityHashMap<>();

    String of(Object object) throws Exception {
      switch (object) {
        case null -> {
          return "null";
        }
        case Boolean _, Byte _, Enum<?> _ -> {
          return String.valueOf(object);
        }
        case Character c when c < 128 -> {
          return "'" + c;
        }
        case Number n when !(n instanceof Double || n instanceof Float) && isSmall(n) -> {
          return n.toString();
        }
        default -> {}
      }
      var before = seen.putIfAbsent(object, seen.size());
      return before == null ? name(object) + content(object) : "#" + before;
    }

    private static boolean isSmall(Number n) {
      return n.longValue() == n.byteValue();
    }

    private static String name(Object object) {
      return object.getClass().isHidden() ? "lambda" : object.getClass().getSimpleName();
    }

    private String content(Object object) throws Exception {
      return switch (object) {
        case String _, Number _, Character _ -> ":" + object;
        case int[] ints -> Arrays.toString(ints);
        case byte[] bytes -> Arrays.toString(bytes);
        case double[] doubles -> Arrays.toString(doubles);
        case boolean[] booleans -> Arrays.toString(booleans);
        case Object[] array -> all(Arrays.asList(array));
        case LinkedHashSet<?> set -> all(set);
        case Set<?> set -> all(sorted(set));
        case Collection<?> collection -> all(collection);
        case Map<?, ?> map -> entries(map);
        case Pair(int id, Object left, Object right) -> id + all(Arrays.asList(left, right));
        case None _ -> "";
        case Link link -> all(Arrays.asList(link.to));
        case SerializableCallable<?> lambda -> all(Arrays.asList(lambda.call()));
        default -> throw new AssertionError(object.getClass());
      };
    }

    private String entries(Map<?, ?> map) throws Exception {
      var text = new StringBuilder();
      for (var key : map instanceof LinkedHashMap<?, ?> ? map.keySet() : sorted(map.keySet())) {
        text.append(of(key)).append('=').append(of(map.get(key))).append(',');
      }
      return "{" + text + "}";
    }

    private static List<?> sorted(Set<?> set) {
      return set.stream().sorted(Comparator.comparing(String::valueOf)).toList();
    }

    /** Numbers alone have no identity: they are copied. */
    private String all(Collection<?> elements) throws Exception {
      if (!elements.isEmpty()
          && Stream.of(Integer.class, Long.class, Double.class)
              .anyMatch(type -> elements.stream().allMatch(type::isInstance))) {
        return elements.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
      }
      var text = new StringBuilder();
      for (var element : elements) {
        text.append(of(element)).append(',');
      }
      return "(" + text + ")";
    }
  }
}
