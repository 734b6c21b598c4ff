package dev.segue.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A line that an example has printed, as {@code HH:MM:SS:thread:message}.
 *
 * @param at when it came, in seconds from the part's first line
 * @param thread the thread that printed it
 * @param message its text
 */
record Seen(double at, String thread, Message message) {
  private static final Pattern LINE = Pattern.compile("(?U)\\d\\d:\\d\\d:\\d\\d:([^:]+):(.*)");

  /**
   * Sorts what was printed into parts. A line of another form starts a new part; one that is
   * indented or empty belongs to the line before.
   */
  static List<List<Seen>> parts(List<Transcript.Printed> printed) {
    var parts = new ArrayList<List<Seen>>();
    var part = new ArrayList<Seen>();
    double begin = 0;
    for (var line : printed) {
      var matcher = LINE.matcher(line.text());
      if (matcher.matches()) {
        if (part.isEmpty()) {
          begin = line.at();
          parts.add(part);
        }
        part.add(new Seen(line.at() - begin, matcher.group(1), Message.of(matcher.group(2))));
      } else if (!line.text().isEmpty() && !line.text().startsWith(" ")) {
        part = new ArrayList<>();
      }
    }
    return parts;
  }

  /** The message of a line; the whole line if it has another form. */
  static String messageOf(String line) {
    var matcher = LINE.matcher(line);
    return matcher.matches() ? matcher.group(2) : line;
  }

  @Override
  public String toString() {
    return thread + ":" + message;
  }
}
