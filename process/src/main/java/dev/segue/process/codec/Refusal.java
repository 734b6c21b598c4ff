package dev.segue.process.codec;

import java.io.NotSerializableException;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains why a value cannot be encoded: which object is to blame, where it is, and what to do.
 */
final class Refusal {
  private static final Set<String> WRITING = Set.of("writeObject", "writeReplace", "writeExternal");

  private Refusal() {}

  static UnencodableException of(@Nullable Object value, Throwable why) {
    return switch (why) {
      case NotSerializableException e -> notSerializable(value, e);
      case ForeignClassException e -> foreign(value, e);
      case TooDeepException e ->
          tooDeep(value, "more than " + Tag.DEEPEST + " objects in each other", e);
      case StackOverflowError e -> tooDeep(value, "more than this thread's stack allows", e);
      case ByteSink.TooLongException e ->
          new UnencodableException(
              className(value) + " is too large to be serialized: it does not fit in 2 GiB",
              className(value),
              e);
      default -> {
        var thrower = thrower(why);
        yield new UnencodableException(
            thrower == null
                ? className(value) + " could not be serialized: " + why
                : thrower + " failed: " + why,
            className(value),
            why);
      }
    };
  }

  private static UnencodableException tooDeep(@Nullable Object value, String how, Throwable e) {
    return new UnencodableException(
        className(value)
            + " is nested too deeply to be serialized, "
            + how
            + ": send its elements in a list, or use a thread with a larger stack"
            + " (Thread.ofPlatform().stackSize(), -Xss)",
        className(value),
        e);
  }

  private static UnencodableException notSerializable(
      @Nullable Object value, NotSerializableException e) {
    var named = String.valueOf(e.getMessage());
    var found =
        value == null
            ? null
            : SerializationPath.find(
                value,
                object ->
                    !(object instanceof Serializable) && object.getClass().getName().equals(named));
    if (found == null) {
      return new UnencodableException(
          named + " is not serializable: " + Advice.general(named), className(value), e);
    }
    var type = found.culprit().getClass();
    boolean isLambda = type.isHidden() && type.isSynthetic();
    var what = isLambda ? "a lambda of " + hostName(type) : type.getName();
    if (found.culprit() == value) {
      return new UnencodableException(
          what
              + " is not serializable: "
              + (isLambda
                  ? "declare it as a SerializableCallable or SerializableRunnable, or pass it"
                      + " directly to a method of ProcessPoolExecutor"
                  : Advice.on(type)),
          what,
          e);
    }
    return new UnencodableException(
        what
            + " is not serializable, at "
            + found.path()
            + ": "
            + (isLambda
                ? "declare it with a type that extends Serializable, such as SerializableFunction"
                : Advice.on(type)),
        found.path(),
        e);
  }

  private static UnencodableException foreign(@Nullable Object value, ForeignClassException e) {
    var type = e.type();
    var found = value == null ? null : SerializationPath.find(value, object -> isOf(type, object));
    var cause = new ClassNotFoundException(type.getName());
    if (found == null || found.culprit() == value) {
      return new UnencodableException(String.valueOf(e.getMessage()), type.getName(), cause);
    }
    return new UnencodableException(
        e.getMessage() + "; it is needed for " + found.path(), found.path(), cause);
  }

  /** Whether a class has to be loaded for an object. */
  private static boolean isOf(Class<?> type, Object object) {
    var each = Dictionary.element(object.getClass());
    return type.isAssignableFrom(each)
        || object == type
        || (each.isHidden() && hostName(each).equals(type.getName()));
  }

  private static String className(@Nullable Object value) {
    return value == null ? "null" : value.getClass().getName();
  }

  private static String hostName(Class<?> lambda) {
    var name = lambda.getName();
    int end = name.indexOf("$$Lambda");
    return end < 0 ? name : name.substring(0, end);
  }

  /** Returns the serialization method that threw; null if none did. */
  private static @Nullable String thrower(Throwable why) {
    for (var frame : why.getStackTrace()) {
      if (WRITING.contains(frame.getMethodName()) && !frame.getClassName().startsWith("java.io.")) {
        return frame.getClassName() + "." + frame.getMethodName();
      }
    }
    return null;
  }
}
