package dev.segue.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * The last line of a terminal, which says what is going on. Where there is no terminal, nothing.
 */
final class ProgressLine {
  private static final String TO_LINE_START_UNWRAPPED = "\r\u001b[?7l";
  private static final String CLEAR_TO_END_WRAPPED = "\u001b[K\u001b[?7h";

  private final PrintWriter err;
  private final boolean watched =
      Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);

  ProgressLine(PrintWriter err) {
    this.err = err;
  }

  /** Shows what is going on, or clears the line if the text is empty. */
  void show(String text) {
    if (watched) {
      // A narrower terminal cuts the line off. Wrapped, it could not be overwritten.
      err.print(TO_LINE_START_UNWRAPPED + printable(text) + CLEAR_TO_END_WRAPPED);
      err.flush();
    }
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
