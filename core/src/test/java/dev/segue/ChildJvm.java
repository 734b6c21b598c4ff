package dev.segue;

import dev.segue.futures.Futures;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own, for what a test cannot do to the one it runs in. Both outputs come as one. */
final class ChildJvm implements AutoCloseable {
  static final String ADD_OPENS = "--add-opens=java.base/java.lang=ALL-UNNAMED";

  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private ChildJvm(List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output = process.inputReader();
  }

  /** Starts a class of the test class path, with the option that the carrier engine needs. */
  static ChildJvm start(Class<?> main, String... options) throws IOException {
    var arguments = new ArrayList<String>();
    arguments.add(ADD_OPENS);
    arguments.add("-Dsegue.engine=" + System.getProperty("segue.engine", "carrier"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return new ChildJvm(arguments);
  }

  /** Starts java with just these arguments. */
  static ChildJvm startPlain(String... arguments) throws IOException {
    return new ChildJvm(List.of(arguments));
  }

  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The folders or jars of core and of the module that it requires, as a module path. */
  static String modules() {
    return Stream.of(EventLoop.class, Futures.class)
        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
        .map(location -> Path.of(URI.create(location.toString())).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  long pid() {
    return process.pid();
  }

  /** Reads on until a line contains {@code text}; fails at the end of the output. */
  String await(String text) throws IOException {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("'" + text + "' never came; the output was " + lines);
  }

  /** Waits for the end and returns all that was printed. */
  String output() throws IOException, InterruptedException {
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
    }
    process.waitFor();
    return String.join("\n", lines);
  }

  int exitCode() throws IOException, InterruptedException {
    output();
    return process.exitValue();
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
