package dev.segue.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * CPython's pool, driven over the standard streams of {@code process_pool.py}. Figures as {@link
 * SegueContender}'s.
 */
final class CPythonContender implements AutoCloseable {
  private static final String PYTHON = "python3";
  private static final String SCRIPT = "process_pool.py";
  private static final String ANSWER = "= ";

  private final Path script;
  private final int workers;
  private final Process process;
  private final String version;

  private CPythonContender(int workers) throws IOException {
    // A file, as CPython's workers may load the program anew.
    this.script = Files.createTempFile("segue-bench", ".py");
    script.toFile().deleteOnExit();
    try (var source = CPythonContender.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, Objects.requireNonNull(source, SCRIPT).readAllBytes());
    }
    this.workers = workers;
    this.process = start();
    this.version = answer(process);
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

  private Process start(String... request) throws IOException {
    var command = new ArrayList<>(List.of(PYTHON, script.toString(), String.valueOf(workers)));
    Collections.addAll(command, request);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String answer(Process process) throws IOException {
    var answers = process.inputReader();
    var said = "nothing";
    for (var line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(ANSWER)) {
        return line.substring(ANSWER.length());
      }
      said = line;
    }
    throw new IOException(PYTHON + " ended without an answer; it said last: " + said);
  }

  private double ask(Object... request) throws IOException {
    var words = new ArrayList<String>();
    for (var word : request) {
      words.add(word.toString());
    }
    var requests = process.outputWriter();
    requests.write(String.join(" ", words) + "\n");
    requests.flush();
    return Double.parseDouble(answer(process));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  String version() {
    return version;
  }

  double roundTrip(Duration atLeast) throws IOException {
    return ask("round-trip", seconds(atLeast));
  }

  double atOnce(int tasks) throws IOException {
    return ask("at-once", tasks);
  }

  double lists(int length, int inFlight, Duration atLeast) throws IOException {
    return ask("lists", length, inFlight, seconds(atLeast));
  }

  double payload(int size, int inFlight, Duration atLeast) throws IOException {
    return ask("payload", size, inFlight, seconds(atLeast));
  }

  double firstResult() throws IOException {
    return ask("first-result");
  }

  double firstResultInAFreshInterpreter() throws IOException {
    var fresh = start("first-result");
    try {
      return Double.parseDouble(answer(fresh));
    } finally {
      end(fresh);
    }
  }

  double sort(int lists) throws IOException {
    return ask("sort", lists);
  }

  double memory() throws IOException {
    return ask("memory");
  }

  @Override
  public void close() throws IOException {
    end(process);
    Files.deleteIfExists(script);
  }

  /** Ends an interpreter, which ends its workers when its input does. */
  private static void end(Process process) throws IOException {
    process.getOutputStream().close();
    Processes.end(process);
  }
}
