package dev.segue.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * CPython's pool, driven over the standard streams of {@code process_pool.py}. Figures as {@link
 * SegueContender}'s.
 */
final class CPythonContender implements AutoCloseable {
  private static final String PYTHON = "python3";
  private static final String SCRIPT = "process_pool.py";
  private final Path script;
  private final int workers;
  private final AnsweringProgram program;

  private CPythonContender(int workers) throws IOException, InterruptedException {
    // A file, as CPython's workers may load the program anew.
    this.script = Files.createTempFile("segue-bench", ".py");
    script.toFile().deleteOnExit();
    try (var source = CPythonContender.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, Objects.requireNonNull(source, SCRIPT).readAllBytes());
    }
    this.workers = workers;
    this.program = AnsweringProgram.start(command(), Map.of());
  }

  /** Returns nothing if there is no {@code python3}. */
  static Optional<CPythonContender> open(int workers) throws IOException, InterruptedException {
    return isInstalled() ? Optional.of(new CPythonContender(workers)) : Optional.empty();
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder(PYTHON, "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false; // there is no such program
    }
  }

  private List<String> command() {
    return List.of(PYTHON, script.toString(), String.valueOf(workers));
  }

  private double ask(Object... request) throws IOException, InterruptedException {
    return Double.parseDouble(program.ask(request));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  String version() {
    return program.version();
  }

  double roundTrip(Duration atLeast) throws IOException, InterruptedException {
    return ask("round-trip", seconds(atLeast));
  }

  double atOnce(int tasks) throws IOException, InterruptedException {
    return ask("at-once", tasks);
  }

  double lists(int length, int inFlight, Duration atLeast)
      throws IOException, InterruptedException {
    return ask("lists", length, inFlight, seconds(atLeast));
  }

  double payload(int size, int inFlight, Duration atLeast)
      throws IOException, InterruptedException {
    return ask("payload", size, inFlight, seconds(atLeast));
  }

  double firstResult() throws IOException, InterruptedException {
    return ask("first-result");
  }

  double firstResultInAFreshInterpreter() throws IOException, InterruptedException {
    try (var fresh = AnsweringProgram.start(command(), Map.of())) {
      return Double.parseDouble(fresh.ask("first-result"));
    }
  }

  double sort(int lists) throws IOException, InterruptedException {
    return ask("sort", lists);
  }

  double memory() throws IOException, InterruptedException {
    return ask("memory");
  }

  @Override
  public void close() throws IOException {
    program.close();
    Files.deleteIfExists(script);
  }
}
