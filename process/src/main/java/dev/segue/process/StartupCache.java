package dev.segue.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file in which a worker's JVM finds the classes that it starts with already loaded and linked
 * (JEP 483 and 514).
 *
 * <p>One file in the user's cache folder serves every program with the same JDK, build of Segue and
 * options for modules, because Segue's own jars come first on a worker's class path. It is made in
 * the background by a {@link StartupCacheMaker} when it is missing. An empty file means that it
 * cannot be made. A JVM that could not use the file is not given it: without its own archive, its
 * start would take twice as long.
 */
final class StartupCache {
  /** The system property that names another folder, or is {@code off}. */
  private static final String PROPERTY = "segue.process.cache";

  /** From this heap size on, references are not compressed, and the archive would not fit. */
  private static final long LARGE_HEAP = 30L << 30;

  /** Options that do not affect the archive. */
  private static final List<String> PLAIN = List.of("-D", "-Xss", "-ea", "-da", "-esa", "-dsa");

  /** Options with which the JVM uses no archive. */
  private static final List<String> UNFIT =
      List.of("--patch-module", "--upgrade-module-path", "--limit-modules", "-Xbootclasspath");

  /** The files that this JVM has made, or tried to make. */
  private static final Set<Path> TRIED = ConcurrentHashMap.newKeySet();

  private final @Nullable Path file;

  private StartupCache(@Nullable Path file) {
    this.file = file;
  }

  /**
   * Finds the file for these workers.
   *
   * @param inherited the options that they inherit from this JVM
   */
  static StartupCache of(Settings settings, ProgramClasses classes, List<String> inherited) {
    var folder = folder();
    var options = new ArrayList<>(inherited);
    options.removeIf(option -> startsWithOneOf(PLAIN, option));
    if (folder == null
        || classes.segue().isEmpty()
        || settings.workerHeap() >= LARGE_HEAP
        || System.getProperty("java.system.class.loader") != null
        || !settings.jvmArgs().stream().allMatch(option -> startsWithOneOf(PLAIN, option))
        || options.stream().anyMatch(option -> startsWithOneOf(UNFIT, option))) {
      return new StartupCache(null);
    }
    var home = Path.of(System.getProperty("java.home"));
    options.add(System.getProperty("java.vm.version"));
    options.addAll(ClassPathView.of(List.of(home.resolve("lib/modules"))));
    options.addAll(ClassPathView.of(classes.segue()));
    return new StartupCache(folder.resolve("worker-" + Long.toHexString(hash(options)) + ".aot"));
  }

  /** Returns the option for a worker that starts now; none if there is no file yet. */
  List<String> options() {
    return file == null || file.toFile().length() == 0
        ? List.of()
        : List.of("-XX:AOTCache=" + file);
  }

  /**
   * Makes the file in the background with the lowest priority, unless that was done or tried
   * before.
   *
   * @param java the options of a worker's JVM, from {@code java} to the class path, which is
   *     Segue's
   */
  void makeIfMissing(List<String> java) {
    if (file == null || !TRIED.add(file) || Files.exists(file)) {
      return;
    }
    var command = new ArrayList<String>();
    if (ProcessGroup.launcher() != null) {
      command.add(ProcessGroup.launcher().toString());
    }
    command.addAll(List.of("nice", "-n", "19"));
    command.addAll(java);
    command.add(StartupCacheMaker.class.getName());
    command.add(file.toString());
    command.addAll(java);
    Thread.ofPlatform()
        .daemon()
        .name("segue-startup-cache")
        .start(() -> make(file.resolveSibling(""), new ProcessBuilder(command)));
  }

  private static void make(Path folder, ProcessBuilder maker) {
    WorkerCommand.removeOptions(maker);
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!isOurs(folder)) {
        return;
      }
      var process = maker.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD).start();
      process.waitFor();
      process.getOutputStream().close(); // until now it told the maker that this JVM is alive
    } catch (IOException | UnsupportedOperationException _) {
      // For example, the folder is not writable: workers start without the file.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Returns a folder into which no other user can put a file for workers to run; null if there is
   * none.
   */
  private static @Nullable Path folder() {
    var chosen = System.getProperty(PROPERTY);
    if (chosen != null) {
      return chosen.equals("off") ? null : ours(Path.of(chosen).toAbsolutePath());
    }
    var home = Path.of(System.getProperty("user.home"));
    var caches = System.getenv("XDG_CACHE_HOME");
    if (caches != null && !caches.isEmpty()) {
      home = Path.of(caches);
    } else if (System.getProperty("os.name").startsWith("Mac")) {
      home = home.resolve("Library/Caches");
    } else {
      home = home.resolve(".cache");
    }
    return home.isAbsolute() ? ours(home.resolve("segue")) : null;
  }

  private static @Nullable Path ours(Path folder) {
    return !Files.exists(folder) || isOurs(folder) ? folder : null;
  }

  private static boolean isOurs(Path folder) {
    try {
      var attributes =
          Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isDirectory()
          && attributes.owner().getName().equals(System.getProperty("user.name"))
          && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
          && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  private static boolean startsWithOneOf(List<String> prefixes, String option) {
    for (var prefix : prefixes) {
      if (option.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** FNV-1a, because the JDK's digests take longer to load than the archive saves. */
  private static long hash(List<String> texts) {
    long hash = 0xcbf29ce484222325L;
    for (var text : texts) {
      for (int i = 0; i < text.length(); i++) {
        hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      }
    }
    return hash;
  }
}
