package dev.segue.process.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Random object graphs with shared parts and cycles. */
final class Graphs {
  record Pair(int id, Object left, Object right) implements Serializable {}

  static final class Link implements Serializable {
    Object to;
  }

  private final Random random;
  private final List<Object> made = new ArrayList<>();

  Graphs(Random random) {
    this.random = random;
  }

  Object next(int depth) {
    int kind = random.nextInt(depth == 0 ? 7 : 18);
    return switch (kind) {
      case 0 -> null;
      case 1 -> random.nextInt();
      case 2 -> random.nextDouble();
      case 3 -> random.nextBoolean() ? "text " + random.nextInt(9) : "τέξτ " + random.nextInt(9);
      case 4 -> (char) ('a' + random.nextInt(26));
      case 5 -> random.nextLong();
      case 6 -> made.isEmpty() ? Thread.State.NEW : made.get(random.nextInt(made.size()));
      case 7 -> keep(random.ints(random.nextInt(5)).toArray());
      case 8 -> keep(random.doubles(random.nextInt(5)).toArray());
      case 9, 10 -> fill(new ArrayList<>(), depth);
      case 11 -> fill(new LinkedList<>(), depth);
      case 12 -> {
        var array = keep(new Object[random.nextInt(4)]);
        for (int i = 0; i < array.length; i++) {
          array[i] = next(depth - 1);
        }
        yield array;
      }
      case 13 -> {
        var map = keep(random.nextBoolean() ? new HashMap<>() : new LinkedHashMap<>());
        for (int n = random.nextInt(4); n > 0; n--) {
          map.put(random.nextInt(9), next(depth - 1));
        }
        yield map;
      }
      case 14 -> keep(new Pair(random.nextInt(), next(depth - 1), next(depth - 1)));
      case 15 -> random.ints(random.nextInt(4)).boxed().toList();
      case 16 -> keep(new LinkedHashSet<>(random.ints(random.nextInt(4)).boxed().toList()));
      default -> {
        if (random.nextInt(4) > 0) {
          yield Arrays.asList(random.nextInt(), null);
        }
        var link = keep(new Link());
        link.to = next(depth - 1);
        yield link;
      }
    };
  }

  private <T> T keep(T object) {
    made.add(object);
    return object;
  }

  private Object fill(Collection<Object> list, int depth) {
    keep(list);
    for (int n = random.nextInt(5); n > 0; n--) {
      list.add(next(depth - 1));
    }
    return list;
  }

  /** A graph as text, in which each object has the number of its first appearance. */
  static String outline(Object root) {
    return outline(root, new IdentityHashMap<>());
  }

  private static String outline(Object object, Map<Object, Integer> seen) {
    if (object == null
        || object instanceof Number
        || object instanceof String
        || object instanceof Character
        || object instanceof Enum<?>) {
      return String.valueOf(object);
    }
    var before = seen.putIfAbsent(object, seen.size());
    if (before != null) {
      return "#" + before;
    }
    var name = object.getClass().getSimpleName();
    return name
        + switch (object) {
          case int[] ints -> Arrays.toString(ints);
          case double[] doubles -> Arrays.toString(doubles);
          case Object[] array -> outlines(Arrays.asList(array), seen);
          case Collection<?> collection -> outlines(collection, seen);
          case HashMap<?, ?> map when !(map instanceof LinkedHashMap<?, ?>) ->
              outline(new LinkedHashMap<>(new TreeMap<>(map)), seen);
          case Map<?, ?> map -> outlines(map.keySet(), seen) + outlines(map.values(), seen);
          case Pair pair -> outlines(Arrays.asList(pair.id, pair.left, pair.right), seen);
          case Link link -> outline(link.to, seen);
          default -> throw new AssertionError(name);
        };
  }

  private static String outlines(Collection<?> objects, Map<Object, Integer> seen) {
    return objects.stream()
        .map(each -> outline(each, seen))
        .collect(Collectors.joining(",", "(", ")"));
  }
}
