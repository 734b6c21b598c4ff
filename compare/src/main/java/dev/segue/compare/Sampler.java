package dev.segue.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Looks at the memory and threads of a process, and of all that it has started, from outside, so
 * that nothing runs in their way.
 */
final class Sampler {
  private static final boolean HAS_PROC = Files.exists(Path.of("/proc/self/status"));

  /** Looks take at most this part of the time of one processor. */
  private static final int LEAST_PAUSE = 100;

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
      processes =
          java.util.stream.Stream.concat(java.util.stream.Stream.of(root), root.descendants())
              .toList();
    }
    long bytes = 0;
    int count = 0;
    for (var process : processes) {
      try {
        if (HAS_PROC) {
          for (var line :
              Files.readAllLines(
                  Path.of("/proc/" + process.pid() + "/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("VmRSS:")) {
              bytes += 1024 * Long.parseLong(line.substring(6, line.length() - 3).strip());
            } else if (line.startsWith("Threads:")) {
              count += Integer.parseInt(line.substring(8).strip());
            }
          }
        } else {
          bytes += fromPs(process.pid());
        }
      } catch (IOException | NumberFormatException _) {
        looks = 0; // it has ended: see who is there now
      }
    }
    memory = Math.max(memory, bytes);
    threads = Math.max(threads, count);
    return Math.max(1_000_000, LEAST_PAUSE * (System.nanoTime() - start));
  }

  /** For macOS and the BSDs. */
  private static long fromPs(long pid) throws IOException {
    var ps =
        new ProcessBuilder("/bin/ps", "-o", "rss=", "-p", Long.toString(pid))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var out = ps.getInputStream()) {
      return 1024
          * Long.parseLong(new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }
}
