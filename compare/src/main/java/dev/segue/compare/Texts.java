package dev.segue.compare;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values, failures and lines of code, as findings name them. */
final class Texts {
  private static final int LONGEST = 80;
  private static final int ELEMENTS = 5;

  private Texts() {}

  /** A value, shortened. */
  static String of(@Nullable Object value) {
    try {
      return shortened(text(value));
    } catch (Exception | StackOverflowError e) {
      return "a value whose toString threw " + e.getClass().getName();
    }
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> '"' + shortened(text) + '"';
      case Collection<?> elements when elements.size() > ELEMENTS ->
          some(elements.stream(), elements.size());
      case Map<?, ?> map when map.size() > ELEMENTS -> some(map.entrySet().stream(), map.size());
      case Object array when array.getClass().isArray() -> array(array);
      default -> value.toString();
    };
  }

  private static String array(Object array) {
    int length = Array.getLength(array);
    return some(
        Stream.iterate(0, i -> i < length, i -> i + 1).map(i -> Array.get(array, i)), length);
  }

  private static String some(Stream<?> elements, int size) {
    var text = new StringJoiner(", ", "[", size > ELEMENTS ? ", ... " + size + " in all]" : "]");
    elements.limit(ELEMENTS).forEach(element -> text.add(text(element)));
    return text.toString();
  }

  static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
  }

  /** What was thrown, in a line. */
  static String of(Throwable thrown) {
    var message = thrown.getMessage();
    var name = thrown.getClass().getName();
    return message == null ? name : name + ": " + message.lines().findFirst().orElse("");
  }

  /** The innermost line of a stack that is the user's; null if there is none. */
  static @Nullable String at(List<StackTraceElement> stack) {
    return stack.stream().filter(Texts::isOfTheUser).findFirst().map(Texts::of).orElse(null);
  }

  /** Where it was thrown; null if that is not known. */
  static @Nullable String at(Throwable thrown) {
    return at(List.of(thrown.getStackTrace()));
  }

  private static boolean isOfTheUser(StackTraceElement frame) {
    var name = frame.getClassName();
    return name.startsWith("dev.segue.compare.workload.")
        || Stream.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "dev.segue.")
            .noneMatch(name::startsWith);
  }

  /** As {@code MyJob.work(MyJob.java:12)}; of a lambda, the method that it is in. */
  static String of(StackTraceElement frame) {
    var name = frame.getClassName();
    var method = frame.getMethodName();
    if (method.startsWith("lambda$")) {
      // A serializable one has a hash behind the name of the method.
      method = method.replaceFirst("^lambda\\$(.+?)(\\$[0-9a-f]{1,8})?\\$\\d+$", "$1");
    }
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.')
        + "."
        + method
        + "("
        + frame.getFileName()
        + ":"
        + frame.getLineNumber()
        + ")";
  }
}
