package dev.segue.process;

import static dev.segue.process.UserOptions.startsWithOneOf;

import java.util.ArrayList;
import java.util.List;

/**
 * The program's own archive of loaded and linked classes, which its workers use too.
 *
 * <p>The JDK makes it in a run with {@code -XX:AOTCacheOutput=FILE}, and {@code -XX:AOTCache=FILE}
 * has a later run use it (JEP 483 and 514). In the first run this JVM also loads what only workers
 * would load, so that it is in the archive.
 */
final class ProgramCache {
  private static final List<String> USED = List.of("-XX:AOTCache=", "-XX:SharedArchiveFile=");

  private static final List<String> MADE =
      List.of("-XX:AOTCacheOutput=", "-XX:AOTMode=record", "-XX:ArchiveClassesAtExit=");

  /**
   * Options with which this JVM has no archive, or one that does not fit a JVM that lacks them. A
   * JVM that cannot use what it is given does without the JDK's own archive too, which doubles the
   * time of its start.
   */
  private static final List<String> UNFIT =
      List.of(
          "-Xshare:off",
          "-XX:AOTMode=off",
          "-XX:+UseZGC",
          "-XX:+UseShenandoahGC",
          "-XX:+UseEpsilonGC",
          "-XX:-UseCompressed",
          "-XX:+UseCompactObjectHeaders",
          "-XX:ObjectAlignmentInBytes",
          "--patch-module",
          "--upgrade-module-path",
          "--limit-modules");

  /** What the user may say about workers' JVMs without effect on archives. */
  private static final List<String> PLAIN =
      List.of("-D", "-Xss", "-Xlog", "-ea", "-da", "-esa", "-dsa");

  /** From this heap size on, references are not compressed. */
  private static final long LARGE_HEAP = 30L << 30;

  private ProgramCache() {}

  /**
   * Returns the options with which workers use this program's archive; none if it has none, or if
   * they could not use it.
   *
   * @param ofThisJvm the options of this JVM
   */
  static List<String> options(
      Settings settings, ProgramClasses classes, List<String> ofThisJvm, UserOptions user) {
    if (!classes.isThisClassPath()
        || settings.workerHeap() >= LARGE_HEAP
        || Runtime.getRuntime().maxMemory() >= LARGE_HEAP) {
      return List.of();
    }
    for (var option : user.all()) {
      if (!startsWithOneOf(PLAIN, option)) {
        return List.of();
      }
    }
    var used = new ArrayList<String>();
    for (var option : ofThisJvm) {
      if (startsWithOneOf(UNFIT, option)) {
        return List.of();
      }
      if (startsWithOneOf(USED, option)) {
        used.add(absolute(option));
      }
    }
    return used;
  }

  /** Loads the classes of workers if this JVM is recording what it loads. */
  static void record(List<String> ofThisJvm) {
    for (var option : ofThisJvm) {
      if (startsWithOneOf(MADE, option)) {
        Preloading.ofWorkers();
      }
    }
  }

  /** Workers may have another working directory. */
  private static String absolute(String option) {
    int path = option.indexOf('=') + 1;
    return option.substring(0, path) + SearchPath.join(SearchPath.split(option.substring(path)));
  }
}
