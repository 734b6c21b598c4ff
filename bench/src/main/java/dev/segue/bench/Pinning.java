package dev.segue.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How server and client are kept on a processor each.
 *
 * @param server what comes before the command of a server
 * @param client what comes before that of the client
 * @param note the same in words
 */
record Pinning(List<String> server, List<String> client, String note) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s*(\\S+)$");

  /** Pins if {@code taskset} is there and this JVM may use two processors. */
  static Pinning find() throws InterruptedException {
    try {
      var allowed = ALLOWED.matcher(Files.readString(STATUS));
      var processors = allowed.find() ? processors(allowed.group(1)) : List.<Integer>of();
      if (processors.size() < 2) {
        return none("there is only one processor");
      }
      int first = processors.getFirst();
      int second = processors.get(1);
      if (new ProcessBuilder(taskset(first, "true")).start().waitFor() != 0) {
        return none("taskset may not");
      }
      return new Pinning(
          taskset(first),
          taskset(second),
          "servers on processor " + first + ", load generator on processor " + second);
    } catch (IOException _) {
      return none("there is no taskset");
    }
  }

  /** Of "0-2,5": 0, 1, 2 and 5. */
  static List<Integer> processors(String ranges) {
    return Pattern.compile(",")
        .splitAsStream(ranges)
        .map(range -> range.split("-", 2))
        .flatMap(ends -> {
          int first = Integer.parseInt(ends[0]);
          int last = Integer.parseInt(ends[ends.length - 1]);
          return IntStream.rangeClosed(first, last).boxed();
        })
        .toList();
  }

  private static List<String> taskset(int processor, String... command) {
    return Stream.concat(
            Stream.of("taskset", "-c", String.valueOf(processor)), Arrays.stream(command))
        .toList();
  }

  private static Pinning none(String why) {
    return new Pinning(
        List.of(), List.of(), "servers and load generator share all processors: " + why);
  }
}
