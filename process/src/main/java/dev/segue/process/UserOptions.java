package dev.segue.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the user has said about the workers' JVMs: with {@code jvmArgs}, with the variables that
 * {@code environment} sets, and with options that are part of the run-time image.
 *
 * <p>Ours are only defaults: {@link #defaults} leaves out each one on whose subject the user has
 * said something.
 */
final class UserOptions {
  /** The variables in which a JVM looks for options, in the order in which it obeys them. */
  static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  /** Where an image that was made by {@code jlink --add-options} has them. */
  private static final String IN_IMAGE = "jdk/internal/vm/options";

  /** What an option is about, if that is not the option itself: one of ours. */
  private static final Map<String, String> SUBJECTS =
      Map.ofEntries(
          Map.entry("UseParallelGC", "UseSerialGC"),
          Map.entry("UseG1GC", "UseSerialGC"),
          Map.entry("UseZGC", "UseSerialGC"),
          Map.entry("UseShenandoahGC", "UseSerialGC"),
          Map.entry("UseEpsilonGC", "UseSerialGC"),
          Map.entry("LoopStripMiningIter", "UseCountedLoopSafepoints"),
          Map.entry("DisplayVMOutput", "DisplayVMOutputToStderr"),
          Map.entry("DisplayVMOutputToStdout", "DisplayVMOutputToStderr"),
          Map.entry("ErrorFile", "ErrorFileToStderr"),
          Map.entry("ErrorFileToStdout", "ErrorFileToStderr"),
          Map.entry("PerfDataSaveFile", "UsePerfData"),
          Map.entry("PerfDataSaveToFile", "UsePerfData"),
          Map.entry("MaxHeapSize", "-Xmx"),
          Map.entry("MaxRAM", "-Xmx"),
          Map.entry("MaxRAMPercentage", "-Xmx"),
          Map.entry("-cp", "--class-path"),
          Map.entry("-classpath", "--class-path"),
          Map.entry("-p", "--module-path"));

  private final List<String> all = new ArrayList<>();
  private final Set<String> subjects = new HashSet<>();

  /** Collects what the user has said. */
  UserOptions(Settings settings) {
    var folder = settings.workingDirectory() == null ? Path.of("") : settings.workingDirectory();
    var ofImage = ofImage();
    if (!ofImage.isEmpty()) {
      addBefore(words(ofImage), folder);
    }
    for (var variable : VARIABLES) {
      var value = settings.environment().get(variable);
      if (value != null) {
        addBefore(words(value), folder);
      }
    }
    // Options for logging add up, so what comes behind ours needs nothing left out.
    add(expanded(settings.jvmArgs(), folder), "-Xlog");
  }

  /** Adds options that the JVM obeys before those of its command line. */
  private void addBefore(List<String> options, Path folder) {
    // The heap of the command line is the user's too, and what was said for this pool.
    add(expanded(options, folder), "-Xmx");
  }

  private void add(List<String> options, String spared) {
    all.addAll(options);
    for (var option : options) {
      if (!subject(option).equals(spared)) {
        subjects.add(subject(option));
      }
    }
  }

  /** Returns everything that the user has said. Options may lack their quotes. */
  List<String> all() {
    return all;
  }

  /** Returns those of our options on whose subject the user has said nothing. */
  List<String> defaults(List<String> ours) {
    var left = new ArrayList<String>();
    for (var option : ours) {
      if (!subjects.contains(subject(option))) {
        left.add(option);
      }
    }
    return left;
  }

  private static String subject(String option) {
    var name = name(option);
    var subject = SUBJECTS.getOrDefault(name, name);
    // Who does not want another collector may well want ours.
    return subject.equals("UseSerialGC") && option.startsWith("-XX:-") ? name : subject;
  }

  /** Returns an option without its value. */
  private static String name(String option) {
    if (option.startsWith("-Xmx")) {
      return "-Xmx";
    }
    if (option.startsWith("-Xlog")) {
      return "-Xlog";
    }
    int start = 0;
    if (option.startsWith("-XX:")) {
      start = option.startsWith("+", 4) || option.startsWith("-", 4) ? 5 : 4;
    }
    int equals = option.indexOf('=');
    return option.substring(start, equals < 0 ? option.length() : equals);
  }

  /** Returns options with the contents of the files that they name. */
  private static List<String> expanded(List<String> options, Path folder) {
    var expanded = new ArrayList<String>();
    for (var option : options) {
      if (option.startsWith("@")) {
        expanded.addAll(words(read(folder.resolve(option.substring(1)))));
      } else if (option.startsWith("-XX:VMOptionsFile=")) {
        expanded.addAll(words(read(folder.resolve(option.substring(18)))));
      } else if (option.startsWith("-XX:Flags=")) {
        words(read(folder.resolve(option.substring(10))))
            .forEach(flag -> expanded.add("-XX:" + flag));
      } else {
        expanded.add(option);
      }
    }
    return expanded;
  }

  /** Returns a file's lines without comments; nothing if it cannot be read, as the JVM will say. */
  private static String read(Path file) {
    try {
      return Files.readString(file).replaceAll("(?m)^\\s*#.*$", "");
    } catch (IOException _) {
      return "";
    }
  }

  /** Returns the options of this JVM's run-time image, which are those of its workers' too. */
  static String ofImage() {
    var base = ModuleLayer.boot().configuration().findModule("java.base").orElseThrow();
    try (var image = base.reference().open();
        var options = image.open(IN_IMAGE).orElse(InputStream.nullInputStream())) {
      return new String(options.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  /** Returns the words of a text, without quotes: what an option is about is never quoted. */
  private static List<String> words(String text) {
    var plain = text.replaceAll("[\"']", "").strip();
    return plain.isEmpty() ? List.of() : List.of(plain.split("\\s+"));
  }

  /** Not with a stream, whose first use would delay the first result. */
  static boolean startsWithOneOf(List<String> prefixes, String option) {
    for (var prefix : prefixes) {
      if (option.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
