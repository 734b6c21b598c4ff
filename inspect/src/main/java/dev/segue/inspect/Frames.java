package dev.segue.inspect;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lines of a program's own code, found in stacks below those of the JDK and of Segue. */
final class Frames {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private Frames() {}

  /** The line at which the calling thread has left the program's code; null if there is none. */
  static @Nullable StackTraceElement here() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> isOwn(frame.getClassName()))
            .findFirst()
            .map(StackWalker.StackFrame::toStackTraceElement)
            .orElse(null));
  }

  /** The same of a stack. */
  static @Nullable StackTraceElement first(List<StackTraceElement> stack) {
    return first(stack.stream());
  }

  /** The same of what was thrown. */
  static @Nullable StackTraceElement first(Throwable thrown) {
    return first(Stream.of(thrown.getStackTrace()));
  }

  private static @Nullable StackTraceElement first(Stream<StackTraceElement> frames) {
    return frames.filter(frame -> isOwn(frame.getClassName())).findFirst().orElse(null);
  }

  /** Whether a class, by its name, is neither of the JDK nor of Segue. */
  static boolean isOwn(String name) {
    return !isOfTheJdk(name) && !name.startsWith("dev.segue.");
  }

  /** Whether a class, by its name, is of the JDK. */
  static boolean isOfTheJdk(String name) {
    return name.startsWith("java.")
        || name.startsWith("javax.")
        || name.startsWith("jdk.")
        || name.startsWith("sun.")
        || name.startsWith("com.sun.");
  }

  /** As {@code Main.java:12}. */
  static String text(StackTraceElement frame) {
    var file = frame.getFileName() == null ? frame.getClassName() : frame.getFileName();
    return frame.getLineNumber() > 0 ? file + ":" + frame.getLineNumber() : file;
  }

  /** As {@code " (Main.java:12)"}; empty where the line is not known. */
  static String at(@Nullable StackTraceElement frame) {
    return frame == null ? "" : " (" + text(frame) + ")";
  }
}
