package dev.segue.process.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own that uses pools, for what cannot be done to the tests' own: kill it, starve it,
 * take its temporary folder away.
 */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Lines said = new Lines();
  private int heard;

  private ChildJvm(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("child-" + process.pid()).start(this::listen);
  }

  private void listen() {
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      out.lines().forEach(line -> said.append(line).append('\n'));
    } catch (IOException | UncheckedIOException _) {
      // It is killed.
    }
  }

  /** Starts a program with these JVM options. */
  static ChildJvm start(List<String> options, Class<?> program, Object... args) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), options, program, args);
  }

  /**
   * Starts a program.
   *
   * @param before what stands before {@code java}
   */
  static ChildJvm start(
      List<String> before, String classPath, List<String> options, Class<?> program, Object... args)
      throws IOException {
    var command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx256m");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    for (var arg : args) {
      command.add(arg.toString());
    }
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  static String temporaryFolder(Path folder) {
    return "-Djava.io.tmpdir=" + folder;
  }

  long pid() {
    return process.pid();
  }

  /** The rest of the next line that begins with a word. */
  String line(String word) {
    try {
      return Await.some("the program says " + word, () -> next(word + " "));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; it said:\n" + said, e);
    }
  }

  private @Nullable String next(String start) {
    var lines = said.all();
    while (heard < lines.size()) {
      var line = lines.get(heard++);
      if (line.startsWith(start)) {
        return line.substring(start.length());
      }
    }
    return null;
  }

  /** The process ids in the next line that begins with a word. */
  List<Long> pids(String word) {
    return List.of(line(word).strip().split(" ")).stream().map(Long::valueOf).toList();
  }

  /** Answers a program that waits in {@link #awaitAnswer}. */
  void answer() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** In the child: waits until the test says that it may go on. */
  static void awaitAnswer() throws IOException {
    if (System.in.read() < 0) {
      throw new IOException("the test is gone");
    }
  }

  /** Ends it with SIGKILL. */
  void kill() {
    process.destroyForcibly();
    Await.until("the program is killed", () -> !process.isAlive());
  }

  @Override
  public void close() {
    kill();
  }
}
