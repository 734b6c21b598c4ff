package dev.segue.waits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for what happens once in a JVM's life or might end it. */
final class ChildJvm {
  private ChildJvm() {}

  /** Starts a program on this JVM's class path. */
  static Process start(Class<?> program, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Runs a program to its end and returns the lines that it printed. */
  static List<String> run(Class<?> program) throws Exception {
    var child = start(program);
    try {
      if (!child.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError(program + " has not ended");
      }
      return child.inputReader().readAllLines();
    } finally {
      child.destroyForcibly();
    }
  }
}
