package dev.segue.compare;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at the memory and threads of a process, and of all that it has started, from outside, so
 * that nothing runs in their way.
 */
final class Sampler {
  private static final boolean HAS_PROC = Files.exists(Path.of("/proc/self/status"));

  /** Between looks it waits so many times longer than one took: they cost one percent at most. */
  private static final int LEAST_PAUSE = 100;

  private static final long SHORTEST_PAUSE = 1_000_000;

  private static final int LOOKS_AT_THE_SAME = 50;

  private final ProcessHandle root;
  private List<ProcessHandle> processes = List.of();
  private int looks;
  private long memory;
  private int threads;

  Sampler(ProcessHandle root) {
    this.root = root;
  }

  /** Forgets the most. */
  void reset() {
    memory = 0;
    threads = 0;
    looks = 0;
  }

  /** The most resident memory so far, in bytes. */
  long memory() {
    return memory;
  }

  /** The most threads so far; 0 where the system does not tell. */
  int threads() {
    return threads;
  }

  /** Looks once, and returns how long to wait until the next look, in nanoseconds. */
  long look() {
    long start = System.nanoTime();
    if (looks++ % LOOKS_AT_THE_SAME == 0) {
      processes = Stream.concat(Stream.of(root), root.descendants()).toList();
    }
    long bytes = 0;
    int count = 0;
    try {
      for (var process : HAS_PROC ? processes : List.<ProcessHandle>of()) {
        var status =
            Files.readString(
                Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.ISO_8859_1);
        bytes += 1024 * number(status, "\nVmRSS:");
        count += (int) number(status, "\nThreads:");
      }
      bytes += HAS_PROC ? 0 : 1024 * fromPs();
    } catch (IOException | NumberFormatException _) {
      looks = 0; // one has ended: see next time who is there
    }
    memory = Math.max(memory, bytes);
    threads = Math.max(threads, count);
    return Math.max(SHORTEST_PAUSE, LEAST_PAUSE * (System.nanoTime() - start));
  }

  private static long number(String status, String label) {
    int at = status.indexOf(label);
    if (at < 0) {
      return 0; // a zombie has none
    }
    int from = at + label.length();
    while (Character.isWhitespace(status.charAt(from))) {
      from++;
    }
    int to = from;
    while (Character.isDigit(status.charAt(to))) {
      to++;
    }
    return Long.parseLong(status, from, to, 10);
  }

  /** For macOS and the BSDs. */
  private long fromPs() throws IOException {
    var pids =
        processes.stream().map(each -> Long.toString(each.pid())).collect(Collectors.joining(","));
    var ps =
        new ProcessBuilder("/bin/ps", "-o", "rss=", "-p", pids)
            .redirectError(Redirect.DISCARD)
            .start();
    try (var out = ps.inputReader(StandardCharsets.US_ASCII)) {
      return out.lines().mapToLong(line -> Long.parseLong(line.strip())).sum();
    }
  }
}
