package dev.segue.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The last lines of a terminal, which say what is going on. Where there is no terminal, nothing.
 * Confined to one thread.
 */
final class ProgressLines {
  // A line that is too long is cut off. Wrapped, it could not be overwritten.
  private static final String TO_LINE_START_UNWRAPPED = "\r\u001b[?7l";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW_WRAPPED = "\u001b[J\u001b[?7h";

  private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*m");

  /** How often to look whether the window has been made smaller. */
  private static final long LOOK_NANOS = 1_000_000_000;

  private final PrintWriter err;
  private final boolean watched =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
          && !"dumb".equals(System.getenv("TERM")); // which cannot move its cursor
  private int above; // how many lines are shown above the one with the cursor
  private TerminalSize size = TerminalSize.UNKNOWN;
  private long looked;

  ProgressLines(PrintWriter err) {
    this.err = err;
  }

  /** Shows a line instead of what was shown, or clears that if the text is empty. */
  void show(String text) {
    show(List.of(text));
  }

  /** Shows these lines, one or more, instead of those that were shown. */
  void show(List<String> lines) {
    if (watched) {
      long now = System.nanoTime();
      if (looked == 0 || now - looked > LOOK_NANOS) {
        size = TerminalSize.now();
        looked = now;
      }
      err.print(frame(fitting(lines, size))); // at once, and without clearing first: no flicker
      err.flush();
    }
  }

  /**
   * What of these lines a window has room for: all, or else the last one, each up to its edge. To
   * go up in a window is possible only as far as its first line.
   */
  static List<String> fitting(List<String> lines, TerminalSize size) {
    var shown = lines.size() > size.lines() ? List.of(lines.getLast()) : lines;
    return shown.stream().map(line -> cut(printable(line), size.columns())).toList();
  }

  /** The beginning of a line, with all its changes of colour, which take no room. */
  private static String cut(String line, int columns) {
    var cut = new StringBuilder();
    var escape = ESCAPE.matcher(line);
    int room = columns;
    int at = 0;
    while (at < line.length()) {
      if (escape.region(at, line.length()).lookingAt()) {
        cut.append(escape.group());
        at = escape.end();
      } else if (room-- > 0) {
        cut.append(line.charAt(at++));
      } else {
        at++;
      }
    }
    return cut.toString();
  }

  /** What a terminal must be sent to show these lines over those of the frame before. */
  String frame(List<String> lines) {
    var up = above == 0 ? "" : "\u001b[" + above + "A";
    above = lines.size() - 1;
    return TO_LINE_START_UNWRAPPED
        + up
        + String.join(CLEAR_LINE + "\r\n", lines)
        + CLEAR_BELOW_WRAPPED;
  }

  /** The text, with replacements for characters that the terminal cannot show. */
  static String printable(String text) {
    return System.out.charset().newEncoder().canEncode("µ×–≤≥…█▏")
        ? text
        : text.replace('µ', 'u')
            .replace('×', 'x')
            .replace('–', '-')
            .replace("≤", "<=")
            .replace("≥", ">=")
            .replace("…", "...")
            .replaceAll("[█▏▎▍▌▋▊▉]", "#");
  }
}
