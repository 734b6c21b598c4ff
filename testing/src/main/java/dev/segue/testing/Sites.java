package dev.segue.testing;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Where a task waits, told from a stack in as few words as a reader needs. */
final class Sites {
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?:java|javax|jdk|sun|com\\.sun|org\\.junit)\\..*"
              + "|dev\\.segue\\.(?:[A-Z]|(?:futures|process|inspect|testing|micrometer)\\.).*");
  private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.*)\\$\\d+");

  private static final Set<String> TIMED = Set.of("sleep", "parkNanos", "parkUntil", "wait");

  private Sites() {}

  private static boolean isProgram(StackTraceElement frame) {
    return !LIBRARY.matcher(frame.getClassName()).matches();
  }

  /**
   * Tells where the body is and what it calls there; if that is in the program too, also where the
   * wait is. A helper that only waits for its next turn needs no more than its name.
   *
   * @param stack innermost frame first
   * @return such as {@code "PoolTest:20 Pool.use:55 acquire"}, or {@code "PoolTest:12 io"}; empty
   *     if the program is not there
   */
  static String of(List<StackTraceElement> stack) {
    var program =
        IntStream.range(0, stack.size()).filter(i -> isProgram(stack.get(i))).boxed().toList();
    if (program.isEmpty()) {
      return "";
    }
    boolean helper = program.size() > 1 && called(stack, program.getFirst()).equals("checkpoint");
    int inner = program.get(helper ? 1 : 0);
    int outer = program.getLast();
    var place = file(stack.get(outer)) + ":" + stack.get(outer).getLineNumber();
    if (inner != outer) {
      var frame = stack.get(inner);
      var file = file(frame).equals(file(stack.get(outer))) ? "" : file(frame) + ".";
      place += " " + file + method(frame) + ":" + frame.getLineNumber();
    }
    return place + " " + called(stack, inner);
  }

  /** What the method of a frame calls. */
  private static String called(List<StackTraceElement> stack, int frame) {
    return frame == 0 ? "runs" : method(stack.get(frame - 1));
  }

  private static String file(StackTraceElement frame) {
    var file = frame.getFileName();
    if (file == null) {
      return frame.getClassName();
    }
    int dot = file.lastIndexOf('.');
    return dot < 0 ? file : file.substring(0, dot);
  }

  private static String method(StackTraceElement frame) {
    var lambda = LAMBDA.matcher(frame.getMethodName());
    return lambda.matches() ? lambda.group(1) : frame.getMethodName();
  }

  /** Tells the program's innermost frame of what was thrown; empty where there is none. */
  static String thrownAt(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(Sites::isProgram)
        .findFirst()
        .map(StackTraceElement::toString)
        .orElse("");
  }

  /** Whether a thread with this stack waits for a limited time in the JDK. */
  static boolean isTimed(List<StackTraceElement> stack) {
    return stack.stream()
        .takeWhile(frame -> !isProgram(frame))
        .anyMatch(frame -> TIMED.contains(frame.getMethodName()));
  }
}
