package dev.segue.inspect;

import dev.segue.Stall;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stacks of stalls as text for flame graphs: a line for each stack, the outermost frame first,
 * and how many milliseconds it held its loop.
 */
public final class CollapsedStacks {
  private CollapsedStacks() {}

  /**
   * Returns the stacks of stalls: above its own frames each has its loop and its task. Of the
   * reports of one stall the last should be given.
   *
   * @param stalls the stalls, as a handler was told of them
   * @return lines such as {@code web;load;Shop.main;Shop.load 250}
   */
  public static String of(Collection<Stall> stalls) {
    Objects.requireNonNull(stalls, "stalls must not be null");
    var sums = new TreeMap<String, Long>();
    for (var stall : stalls) {
      var task = stall.task();
      var above = Stream.of(stall.loop().name(), task == null ? "(the loop)" : task.name());
      sums.merge(line(above, stall.stack()), stall.lasted().toMillis(), Long::sum);
    }
    return sums.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private static String line(Stream<String> above, List<StackTraceElement> stack) {
    var frames =
        stack.reversed().stream().map(frame -> frame.getClassName() + "." + frame.getMethodName());
    return Stream.concat(above, frames)
        .map(frame -> frame.replace(';', ',').replaceAll("\\s+", " "))
        .collect(Collectors.joining(";"));
  }
}
