package dev.segue.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The resident memory of a process. */
final class ResidentMemory {
  private static final boolean PROC = Files.exists(Path.of("/proc/self/status"));

  private ResidentMemory() {}

  /**
   * Returns the resident set of a process.
   *
   * @return bytes; -1 if unknown, as for a process that has ended
   */
  static long of(long pid) {
    try {
      return 1024 * (PROC ? fromProc(pid) : fromPs(pid));
    } catch (IOException | NumberFormatException _) {
      return -1;
    }
  }

  private static long fromProc(long pid) throws IOException {
    for (var line :
        Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.substring(6, line.length() - " kB".length()).strip());
      }
    }
    throw new IOException("a zombie has no resident memory");
  }

  /** For macOS and the BSDs. */
  static long fromPs(long pid) throws IOException {
    var ps =
        new ProcessBuilder("/bin/ps", "-o", "rss=", "-p", Long.toString(pid))
            .redirectError(Redirect.DISCARD)
            .start();
    try (var out = ps.getInputStream()) {
      return Long.parseLong(new String(out.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }
}
