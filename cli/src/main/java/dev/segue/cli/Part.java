package dev.segue.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What one part of an example should print.
 *
 * @param lines the lines, in the article's order
 */
record Part(List<Line> lines) {
  private static final Pattern SYNTAX = Pattern.compile("(\\d+) ([ |+~]) ([^:]+):(.*)");

  /**
   * One line.
   *
   * @param second when it comes, counted from the part's first line
   * @param thread the thread that prints it; another name of the same kind will do, if it is used
   *     throughout
   * @param message its text; {@code *} stands for any text
   * @param group the number of its group: lines of one group may come in any order, except that
   *     each thread keeps its own
   * @param repeats whether it comes from an observer: once or several times, from here on
   * @param timed whether it comes at that second on any machine: it ends a wait and no work
   */
  record Line(
      int second, String thread, Message message, int group, boolean repeats, boolean timed) {
    private static final Pattern NUMBERING = Pattern.compile("[-_\\d]*$");

    boolean isMetBy(Seen seen) {
      return kind(thread).equals(kind(seen.thread()))
          && seen.message().text().matches(Pattern.quote(message.text()).replace("*", "\\E.*\\Q"));
    }

    private static String kind(String thread) {
      return NUMBERING.matcher(thread).replaceAll("");
    }

    @Override
    public String toString() {
      return thread + ":" + message;
    }
  }

  Part {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a part.
   *
   * @param text a line each: the second; {@code |} if it and its neighbours marked so come in any
   *     order, {@code +} if it comes once or several times from here on, {@code ~} if it comes when
   *     work is done, however long that takes here; then {@code thread:message}, as in the article.
   *     An empty line ends a group.
   */
  static Part of(String text) {
    var lines = new ArrayList<Line>();
    int group = 0;
    char previous = ' ';
    for (var written : text.split("\n", -1)) {
      if (written.isEmpty()) {
        previous = ' ';
        continue;
      }
      var matcher = SYNTAX.matcher(written);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not 'second mark thread:message': " + written);
      }
      int second = Integer.parseInt(matcher.group(1));
      char mark = matcher.group(2).charAt(0);
      boolean together = mark == '|' && previous == '|' && lines.getLast().second() == second;
      if (!together) {
        group++;
      }
      lines.add(
          new Line(
              second,
              matcher.group(3),
              Message.of(matcher.group(4)),
              group,
              mark == '+',
              mark != '~'));
      previous = mark;
    }
    return new Part(lines);
  }

  /** How long it takes, in seconds. */
  int seconds() {
    return lines.getLast().second();
  }

  /** Whether it takes that long on any machine. */
  boolean isTimed() {
    return lines.getLast().timed();
  }

  /** The numbers that it prints. */
  List<Integer> values() {
    return lines.stream().map(line -> line.message().value()).filter(Objects::nonNull).toList();
  }
}
