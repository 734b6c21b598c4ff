package dev.segue.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The last lines of a terminal, which say what is going on. Where there is no terminal, nothing.
 * Confined to one thread.
 */
final class ProgressLines {
  // A narrower terminal cuts a line off. Wrapped, it could not be overwritten.
  private static final String TO_LINE_START_UNWRAPPED = "\r\u001b[?7l";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW_WRAPPED = "\u001b[J\u001b[?7h";

  private final PrintWriter err;
  private final boolean watched =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
          && !"dumb".equals(System.getenv("TERM")); // which cannot move its cursor
  private int above; // how many lines are shown above the one with the cursor

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
      err.print(frame(lines)); // at once, and without clearing first: it does not flicker
      err.flush();
    }
  }

  /** What a terminal must be sent to show these lines over those of the frame before. */
  String frame(List<String> lines) {
    var up = above == 0 ? "" : "\u001b[" + above + "A";
    above = lines.size() - 1;
    return TO_LINE_START_UNWRAPPED
        + up
        + lines.stream()
            .map(ProgressLines::printable)
            .collect(Collectors.joining(CLEAR_LINE + "\r\n"))
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
