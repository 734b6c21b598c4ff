package dev.segue.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options with which this JVM was started, each in one word, as {@link
 * java.lang.management.RuntimeMXBean#getInputArguments} tells them.
 *
 * <p>They are read from the command line where that has all of them, because to ask the JVM takes
 * it 20 ms, for which the first worker would wait.
 */
final class JvmOptions {
  /** Options of {@code java} whose value may be the next argument. */
  private static final Set<String> WITH_VALUE =
      Set.of(
          "-cp",
          "-classpath",
          "--class-path",
          "-p",
          "--module-path",
          "--upgrade-module-path",
          "--add-modules",
          "--limit-modules",
          "--enable-native-access",
          "--add-reads",
          "--add-exports",
          "--add-opens",
          "--patch-module",
          "--source");

  /** Of these, what the JVM does not count as an option. */
  private static final Set<String> UNCOUNTED =
      Set.of("-cp", "-classpath", "--class-path", "--source");

  /** What ends the options. The main class, a source file or the value of one of these follows. */
  private static final Set<String> MAIN = Set.of("-jar", "-m", "--module");

  private JvmOptions() {}

  static List<String> ofThisJvm() {
    var read = ofCommandLine();
    return read != null ? read : ManagementFactory.getRuntimeMXBean().getInputArguments();
  }

  /** Returns those of the command line; null if there may be others, or it cannot be read. */
  static @Nullable List<String> ofCommandLine() {
    for (var variable : UserOptions.VARIABLES) {
      if (System.getenv(variable) != null) {
        return null;
      }
    }
    try {
      // Another program that has a JVM in it has a command line of its own.
      var java = Path.of(System.getProperty("java.home"), "bin", "java");
      if (!Path.of("/proc/self/exe").toRealPath().equals(java.toRealPath())
          || !UserOptions.ofImage().isEmpty()) {
        return null;
      }
      try (var line = new FileInputStream("/proc/self/cmdline")) {
        // In the encoding in which a process' arguments are written again.
        var encoding = Charset.forName(System.getProperty("sun.jnu.encoding"));
        return options(new String(line.readAllBytes(), encoding).split("\0", -1));
      }
    } catch (IOException _) {
      return null; // there is no /proc
    }
  }

  /** Returns the options of a command line; null if some are in files, or may have a value. */
  static @Nullable List<String> options(String... line) {
    var options = new ArrayList<String>();
    for (int i = 1; i < line.length; i++) {
      var option = line[i];
      if (option.startsWith("@")
          || option.startsWith("-XX:Flags=")
          || option.startsWith("-XX:VMOptionsFile=")) {
        return null;
      }
      if (!option.startsWith("-") || MAIN.contains(option)) {
        break;
      }
      if (!WITH_VALUE.contains(option)) {
        if (option.startsWith("--")
            && option.indexOf('=') < 0
            && !option.equals("--enable-preview")) {
          return null; // the next argument may be its value
        }
        options.add(option);
      } else if (++i < line.length && !UNCOUNTED.contains(option)) {
        options.add((option.equals("-p") ? "--module-path" : option) + "=" + line[i]);
      }
    }
    return options;
  }
}
