package dev.segue.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program that prints a line {@code = VERSION}, and then reads requests, a line each, and answers
 * each with a line {@code = ANSWER}. Whatever else it prints is remembered in case it dies. Used by
 * one thread.
 */
final class AnsweringProgram implements AutoCloseable {
  private static final String ANSWER = "= ";
  private static final int LAST_WORDS = 5;

  /** No work takes nearly so long. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Process process;
  private final LinkedBlockingQueue<Line> lines = new LinkedBlockingQueue<>();
  private final ArrayDeque<String> said = new ArrayDeque<>();
  private final String version;

  private sealed interface Line {
    /** What it printed. */
    record Text(String text) implements Line {}

    /** Nothing more will come. */
    record End() implements Line {}
  }

  private AnsweringProgram(Process process) throws IOException, InterruptedException {
    this.process = process;
    Thread.ofPlatform().daemon().name("answers of " + process.pid()).start(this::read);
    this.version = answer();
  }

  /**
   * Starts a program and waits for its version.
   *
   * @throws IOException if there is no such program, or it ends at once; the message has its last
   *     words
   */
  static AnsweringProgram start(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new AnsweringProgram(Processes.start(builder));
  }

  private void read() {
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(line -> lines.add(new Line.Text(line)));
    } catch (IOException | UncheckedIOException e) {
      lines.add(new Line.Text("its output could not be read: " + e.getMessage()));
    } finally {
      lines.add(new Line.End());
    }
  }

  String version() {
    return version;
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @throws IOException if the program ends instead, or says nothing for too long
   */
  String ask(Object... words) throws IOException, InterruptedException {
    try {
      var requests = process.outputWriter(StandardCharsets.UTF_8);
      requests.write(String.join(" ", Arrays.stream(words).map(Object::toString).toList()) + "\n");
      requests.flush();
    } catch (IOException _) {
      // It has ended; what it said last tells more.
    }
    return answer();
  }

  private String answer() throws IOException, InterruptedException {
    while (true) {
      switch (lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        case Line.Text(var text) when text.startsWith(ANSWER) -> {
          return text.substring(ANSWER.length()).strip();
        }
        case Line.Text(var text) -> remember(text);
        case Line.End() -> throw new IOException(howItEnded());
        case null -> {
          process.destroyForcibly();
          throw new IOException("it has not answered for " + PATIENCE.toMinutes() + " minutes");
        }
      }
    }
  }

  /** Keeps what says most: not where in its code something happened. */
  private void remember(String text) {
    if (!text.isBlank() && !text.startsWith("\tat ")) {
      said.add(text.strip());
      if (said.size() > LAST_WORDS) {
        said.remove();
      }
    }
  }

  private String howItEnded() throws InterruptedException {
    int code = process.waitFor();
    return "it ended with exit code "
        + code
        + (said.isEmpty() ? " and said nothing" : "; it said last: " + String.join(" / ", said));
  }

  /**
   * Finds out whether it has ended by itself.
   *
   * @throws IOException if so, with its last words
   */
  void check() throws IOException, InterruptedException {
    if (!process.isAlive()) {
      answer();
    }
  }

  /** Ends the program, whose input ends. */
  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      // It has ended, and what was on its way to it is lost.
    }
    Processes.end(process);
  }
}
