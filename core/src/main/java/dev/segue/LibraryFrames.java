package dev.segue;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which frames of a stack are not the program's own: the JDK's and Segue's, by the names of their
 * classes.
 */
final class LibraryFrames {
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?:java|javax|jdk|sun|com\\.sun)\\..*"
              + "|dev\\.segue\\.(?:[A-Z]|(?:futures|process|inspect|testing|micrometer)\\.).*");

  private LibraryFrames() {}

  static boolean contain(StackTraceElement frame) {
    return LIBRARY.matcher(frame.getClassName()).matches();
  }

  /** The innermost frame that is the program's own; null if there is none. */
  static @Nullable StackTraceElement firstOther(List<StackTraceElement> stack) {
    return stack.stream().filter(frame -> !contain(frame)).findFirst().orElse(null);
  }
}
