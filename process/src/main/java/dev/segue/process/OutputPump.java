package dev.segue.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Passes on what a worker prints, line by line. */
final class OutputPump {
  /** A longer line is split. */
  private static final int LONGEST_LINE = 8192;

  private final Reader from;
  private final Consumer<String> eachLine;
  private final StringBuilder line = new StringBuilder();

  private OutputPump(InputStream from, Consumer<String> eachLine) {
    this.from = new InputStreamReader(from, StandardCharsets.UTF_8);
    this.eachLine = eachLine;
  }

  /** Reads to the end, which comes when every process that holds the stream has ended. */
  static void pump(InputStream from, Consumer<String> eachLine) {
    new OutputPump(from, eachLine).run();
  }

  private void run() {
    var buffer = new char[LONGEST_LINE];
    try (from) {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        for (int i = 0; i < count; i++) {
          take(buffer[i]);
        }
      }
    } catch (IOException _) {
      // The stream was closed: the process has ended.
    }
    if (!line.isEmpty()) {
      endLine();
    }
  }

  private void take(char c) {
    if (c == '\n') {
      endLine();
    } else {
      line.append(c);
      if (line.length() == LONGEST_LINE) {
        endLine();
      }
    }
  }

  private void endLine() {
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    eachLine.accept(line.toString());
    line.setLength(0);
  }
}
