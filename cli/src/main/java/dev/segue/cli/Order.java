package dev.segue.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines that came, paired with those that a part should print.
 *
 * <p>Lines may change places within their group, and threads may have other names, so there are
 * many ways to pair them: this searches for one that works.
 */
final class Order {
  private final List<Seen> seen;
  private final List<Part.Line> met = new ArrayList<>();
  private final @Nullable String difference;

  // The attempt that got furthest.
  private int furthest = -1;
  private List<Part.Line> awaited = List.of();

  Order(Part part, List<Seen> seen) {
    this.seen = seen;
    difference = follows(part.lines(), Map.of()) ? null : describe();
  }

  /** Says where the order is broken; null if it is kept. */
  @Nullable String difference() {
    return difference;
  }

  /** The line that each seen one was paired with; empty if the order is broken. */
  List<Part.Line> met() {
    return met;
  }

  /**
   * Says which lines might have come in another order, such as 1-4.
   *
   * @param before how many lines there were before this part
   */
  List<String> groups(int before) {
    var groups = new ArrayList<String>();
    for (int first = 0, next; first < met.size(); first = next) {
      next = first + 1;
      while (next < met.size() && met.get(next).group() == met.get(first).group()) {
        next++;
      }
      if (next > first + 1 && !met.get(first).repeats()) {
        groups.add((before + first + 1) + "-" + (before + next));
      }
    }
    return groups;
  }

  /**
   * Whether the lines that came next are those that are left.
   *
   * @param names which name each expected thread turned out to have
   */
  private boolean follows(List<Part.Line> left, Map<String, String> names) {
    var candidates = candidates(left);
    if (met.size() > furthest) {
      furthest = met.size();
      awaited = candidates;
    }
    if (met.size() == seen.size()) {
      return left.isEmpty();
    }
    var line = seen.get(met.size());
    for (var again : Set.copyOf(met)) {
      if (again.repeats() && again.isMetBy(line)) {
        met.add(again);
        if (follows(left, names)) {
          return true;
        }
        met.removeLast();
      }
    }
    for (var candidate : candidates) {
      if (candidate.isMetBy(line) && canBe(candidate.thread(), line.thread(), names)) {
        var rest = new ArrayList<>(left);
        rest.remove(candidate);
        var known = new HashMap<>(names);
        known.put(candidate.thread(), line.thread());
        met.add(candidate);
        if (follows(rest, known)) {
          return true;
        }
        met.removeLast();
      }
    }
    return false;
  }

  /** Each thread's first line in the first group, and such as may come late. */
  private static List<Part.Line> candidates(List<Part.Line> left) {
    var firsts = new LinkedHashMap<String, Part.Line>();
    int group = 0;
    for (var line : left) {
      if (group == 0 && !line.repeats()) {
        group = line.group();
      }
      if (line.repeats() ? group == 0 : line.group() == group) {
        firsts.putIfAbsent(line.thread(), line);
      }
    }
    return List.copyOf(firsts.values());
  }

  private static boolean canBe(String thread, String name, Map<String, String> names) {
    return names.containsKey(thread) ? name.equals(names.get(thread)) : !names.containsValue(name);
  }

  private String describe() {
    var line = "line " + (furthest + 1);
    var expected = awaited.stream().map(Order::quoted).collect(Collectors.joining(" or "));
    if (furthest == seen.size()) {
      return line + " is missing, " + expected;
    }
    return line
        + " is "
        + quoted(seen.get(furthest))
        + (awaited.isEmpty() ? ", one too many" : " and not " + expected);
  }

  private static String quoted(Object line) {
    return "\"" + line + "\"";
  }
}
