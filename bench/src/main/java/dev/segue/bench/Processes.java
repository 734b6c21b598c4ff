package dev.segue.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Starts JVMs like this one, the same {@code java} on the same class path, and other programs, and
 * ends them, at the latest when this JVM ends: also by Ctrl-C.
 */
public final class Processes {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Processes::kill)));
  }

  private Processes() {}

  static Process start(ProcessBuilder builder) throws IOException {
    var process = builder.start();
    RUNNING.add(process);
    var _ = process.onExit().thenRun(() -> RUNNING.remove(process));
    return process;
  }

  static String javaHome() {
    return System.getProperty("java.home");
  }

  static ProcessBuilder newJvm(List<String> options, Class<?> main, String... arguments) {
    return newJvm(options, main.getName(), arguments);
  }

  private static ProcessBuilder newJvm(List<String> options, String main, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(javaHome(), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    Collections.addAll(command, arguments);
    return new ProcessBuilder(command);
  }

  /**
   * Runs a program of this JVM's class path to its end.
   *
   * @param options options of its JVM
   * @param main its main class
   * @param arguments its arguments
   * @return the number that it prints last
   * @throws IOException if it cannot be started or fails; says what it printed
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public static double runJvm(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return Double.parseDouble(printed(newJvm(options, main, arguments)).getLast().text());
  }

  /** Runs a program to its end, and returns the seconds from its first line to its last. */
  static double timeJvm(List<String> options, String main)
      throws IOException, InterruptedException {
    var lines = printed(newJvm(options, main));
    return lines.getLast().at() - lines.getFirst().at();
  }

  /** A line, and when it came. */
  record Line(String text, double at) {}

  /** Runs a program to its end, and returns what it prints. */
  static List<Line> printed(ProcessBuilder program) throws IOException, InterruptedException {
    var process = start(program.redirectErrorStream(true));
    try (var output = process.inputReader()) {
      var watch = new Stopwatch();
      var lines = output.lines().map(text -> new Line(text, watch.seconds())).toList();
      if (process.waitFor() != 0 || lines.isEmpty()) {
        throw new IOException(
            "it ended with exit code "
                + process.exitValue()
                + " and said: "
                + lines.stream().map(Line::text).collect(Collectors.joining(" / ")));
      }
      return lines;
    } finally {
      end(process);
    }
  }

  /** The resident memory, as the system's own tool tells it. */
  static long residentBytes(long pid) throws IOException {
    var ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(pid)).start();
    var kib = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return 1024 * Long.parseLong(kib.strip());
  }

  /** Waits for a process that has been told to end, and kills it if it does not. */
  static void end(Process process) {
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    kill(process);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
