package dev.segue.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is printed to {@link System#out} while this is open: each line is passed on when it ends,
 * and kept with the time at which it came.
 */
final class Transcript extends OutputStream {
  /**
   * A line.
   *
   * @param at when it came, in seconds from the first line
   * @param text the line
   */
  record Printed(double at, String text) {}

  private final Consumer<String> live;
  private final PrintStream previous = System.out;

  // Guarded by this.
  private final List<Printed> lines = new ArrayList<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long begin;

  /**
   * Starts.
   *
   * @param live given each line, on the thread that has printed it
   */
  @SuppressWarnings("this-escape") // the last thing done
  Transcript(Consumer<String> live) {
    this.live = live;
    System.setOut(new PrintStream(this, true, StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      endLine();
    } else if (b != '\r') {
      line.write(b);
    }
  }

  private void endLine() {
    long now = System.nanoTime();
    if (lines.isEmpty()) {
      begin = now;
    }
    var text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    lines.add(new Printed((now - begin) / 1e9, text));
    live.accept(text);
  }

  synchronized List<Printed> lines() {
    return List.copyOf(lines);
  }

  /** Gives {@link System#out} back. */
  @Override
  public synchronized void close() {
    System.setOut(previous);
    if (line.size() > 0) {
      endLine();
    }
  }
}
