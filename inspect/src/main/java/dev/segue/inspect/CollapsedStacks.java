package dev.segue.inspect;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stalls of a {@link Recording} as text for flame graphs: a line for each stack, the outermost
 * frame first, and how many milliseconds it held its loop.
 */
public final class CollapsedStacks {
  private CollapsedStacks() {}

  /**
   * Writes the stacks of stalls into a file, which is replaced: lines such as {@code
   * web;load;Shop.main;Shop.load 250}. Above its own frames each has its loop and its task.
   *
   * @param recording what to write; without stalls the file is empty
   * @param file the file
   * @throws IOException if that fails
   */
  public static void write(Recording recording, Path file) throws IOException {
    Objects.requireNonNull(recording, "recording must not be null");
    Objects.requireNonNull(file, "file must not be null");
    var sums = new TreeMap<String, Long>();
    for (var loop : recording.loops()) {
      var names = loop.tasks().stream().collect(toMap(TaskRecord::id, TaskRecord::name));
      for (var stall : loop.stalls()) {
        var task = names.getOrDefault(stall.task(), "task " + stall.task());
        var above = Stream.of(loop.name(), stall.task() == 0 ? "(the loop)" : task);
        long millis = (stall.to() - stall.from()) / 1_000_000;
        sums.merge(line(above, stall.stack()), millis, Long::sum);
      }
    }
    Files.write(
        file,
        sums.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList());
  }

  private static String line(Stream<String> above, List<StackTraceElement> stack) {
    var frames =
        stack.reversed().stream().map(frame -> frame.getClassName() + "." + frame.getMethodName());
    return Stream.concat(above, frames)
        .map(frame -> frame.replace(';', ',').replaceAll("\\s+", " "))
        .collect(Collectors.joining(";"));
  }
}
