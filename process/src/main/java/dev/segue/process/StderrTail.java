package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The last lines that a worker wrote to its standard error. Of a JVM that crashed it keeps the
 * summary, which the rest of the report would displace. Safe for use by several threads.
 */
final class StderrTail {
  private static final int LINES = 20;
  private static final String CRASH = "# A fatal error has been detected by the Java Runtime";

  @GuardedBy("this")
  private final ArrayDeque<String> lines = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean crashed;

  @GuardedBy("this")
  private boolean complete;

  synchronized void add(String line) {
    if (complete) {
      return;
    }
    if (line.startsWith(CRASH)) {
      crashed = true;
      lines.clear();
    }
    if (crashed && !line.startsWith("#")) {
      complete = true;
      return;
    }
    if (crashed && line.strip().equals("#")) {
      return;
    }
    lines.add(line);
    if (!crashed && lines.size() > LINES) {
      lines.remove();
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
