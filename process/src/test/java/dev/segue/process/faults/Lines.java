package dev.segue.process.faults;

import java.util.ArrayList;
import java.util.List;

/** Collects what workers print, as lines. Safe for use by several threads. */
final class Lines implements Appendable {
  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();

  @Override
  public synchronized Lines append(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  @Override
  public synchronized Lines append(CharSequence text, int start, int end) {
    return append(text.subSequence(start, end));
  }

  @Override
  public synchronized Lines append(char c) {
    if (c == '\n') {
      lines.add(line.toString());
      line.setLength(0);
    } else {
      line.append(c);
    }
    return this;
  }

  synchronized List<String> all() {
    return List.copyOf(lines);
  }

  @Override
  public String toString() {
    return String.join("\n", all());
  }

  boolean contains(String text) {
    return all().stream().anyMatch(line -> line.contains(text));
  }
}
