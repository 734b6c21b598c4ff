package dev.segue.cli;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How many lines and columns the terminal of this process has. */
record TerminalSize(int lines, int columns) {
  /** Of one that does not tell. */
  static final TerminalSize UNKNOWN = new TerminalSize(Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8}) ([1-9][0-9]{0,8})");

  /** Asks {@code stty}, as Java cannot tell. */
  static TerminalSize now() {
    try {
      var stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(Redirect.DISCARD)
              .start();
      try (var out = stty.inputReader(StandardCharsets.US_ASCII)) {
        return of(out.readLine());
      }
    } catch (IOException _) {
      return UNKNOWN; // there is no terminal, or no such command
    }
  }

  /** What it has printed: 0 stands for what it does not know. */
  static TerminalSize of(@Nullable String printed) {
    var size = SIZE.matcher(printed == null ? "" : printed);
    return size.matches()
        ? new TerminalSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)))
        : UNKNOWN;
  }
}
