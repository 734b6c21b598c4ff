package dev.segue.process.codec;

import org.jspecify.annotations.Nullable;

/** Classes that are in no file: those that {@code java File.java} or jshell has compiled. */
public final class MemoryClasses {
  private MemoryClasses() {}

  /** The name of a class, or of the one that a lambda is in. */
  public static String name(Class<?> type) {
    return type.getName().replaceFirst("\\$\\$Lambda.*", "");
  }

  /**
   * Explains why other JVMs cannot load a class, and what to do; null if it may be in a file.
   *
   * @param who cannot load it, in the plural
   */
  public static @Nullable String refusal(Class<?> type, String who) {
    var loader = type.getClassLoader();
    if (loader == null) {
      return null;
    }
    var loaderName = loader.getClass().getName();
    if (loaderName.startsWith("com.sun.tools.javac.launcher.")) {
      return name(type)
          + " was compiled in memory by `java File.java`, so "
          + who
          + " cannot load it: compile it with `javac -d classes File.java` and run it with"
          + " `java -cp classes`";
    }
    if (loaderName.startsWith("jdk.jshell.")) {
      return name(type)
          + " exists only inside jshell, so "
          + who
          + " cannot load it: compile what the task needs with javac, and add its folder to"
          + " jshell's --class-path";
    }
    return null;
  }
}
