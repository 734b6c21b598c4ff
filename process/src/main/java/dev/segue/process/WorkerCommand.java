package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How to start a worker: the command line, the environment and the folder. */
final class WorkerCommand {
  private static final String MODULE = "dev.segue.process";

  /** What Linux takes as one argument, a few left. */
  private static final int LONGEST_ARGUMENT = 131_000;

  /** Where a JVM looks for options that are meant for others. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          // Else arrays that large are copied from generation to generation, and the heap grows to
          // its limit before those that are no longer used are looked for.
          "-XX:PretenureSizeThreshold=16m",
          // Else a loop that counts holds up collections and the exit until it ends.
          "-XX:+UseCountedLoopSafepoints",
          "-XX:LoopStripMiningIter=1000",
          "-XX:+ExitOnOutOfMemoryError",
          // Standard output is the user's code's, but for the summary of a crash, which nothing
          // keeps off it. Neither a crash nor SIGKILL leaves a file.
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=warning,aot*=off,cds*=off:stderr",
          "-XX:+ErrorFileToStderr",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:-UsePerfData",
          "-Dstdout.encoding=UTF-8",
          "-Dstderr.encoding=UTF-8");

  private final Settings settings;
  private final String mainClass;
  private final ProgramClasses classes;
  private final Path java;
  private final List<String> classPathSeen;

  @GuardedBy("this")
  private @Nullable InheritedOptions inherited;

  @GuardedBy("this")
  private @Nullable StartupCache startupCache;

  /**
   * Decides how workers of a pool are started.
   *
   * @throws IllegalStateException if workers could not load this program's classes; says why, and
   *     what to do
   */
  WorkerCommand(Settings settings) {
    this(settings, "dev.segue.process.WorkerMain");
  }

  WorkerCommand(Settings settings, String mainClass) {
    this.settings = settings;
    this.mainClass = mainClass;
    this.java = Path.of(System.getProperty("java.home"), "bin", "java");
    if (!Files.isExecutable(java)) {
      throw new IllegalStateException(
          "workers need "
              + java
              + ", which this Java lacks: use a JDK, or a run-time image that keeps its commands");
    }
    var folder = settings.workingDirectory();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalStateException("workingDirectory is not a folder: " + folder);
    }
    this.classes = ProgramClasses.find(settings.classPath());
    int length = SearchPath.join(classes.classPath()).length();
    if (length > LONGEST_ARGUMENT) {
      throw new IllegalStateException(
          "the class path has "
              + length
              + " characters, more than the "
              + LONGEST_ARGUMENT
              + " that fit in a worker's command line: list its jars in the manifest of one jar"
              + " (Class-Path), and use that jar");
    }
    this.classPathSeen = ClassPathView.of(classes.all());
  }

  /** Finds out in the background what the first worker's command needs, which takes a while. */
  void prepare(String threadName) {
    var _ = Thread.ofPlatform().daemon().name(threadName).start(this::newProcess);
  }

  /** The process to start: standard streams are pipes. What it prints is UTF-8. */
  ProcessBuilder newProcess() {
    var command = new ArrayList<String>();
    if (ProcessGroup.launcher() != null) {
      command.add(ProcessGroup.launcher().toString());
    }
    command.addAll(java());
    command.addAll(inherited().properties());
    command.addAll(startupCache().options());
    if (settings.workerHeap() > 0) {
      command.add("-Xmx" + settings.workerHeap());
    }
    command.addAll(settings.jvmArgs());
    addMain(command);
    var process = new ProcessBuilder(command);
    removeOptions(process);
    for (var variable : settings.environment().entrySet()) {
      if (variable.getValue() == null) {
        process.environment().remove(variable.getKey());
      } else {
        process.environment().put(variable.getKey(), variable.getValue());
      }
    }
    if (settings.workingDirectory() != null) {
      process.directory(settings.workingDirectory().toFile());
    }
    return process;
  }

  /** The part of the command that is the same for all workers with the same start-up cache. */
  private List<String> java() {
    var command = new ArrayList<String>();
    command.add(java.toString());
    command.addAll(JVM);
    command.addAll(inherited().options());
    if (ProcessGroup.launcher() == null) {
      command.add(
          "--enable-native-access=" + (classes.modulePath() == null ? "ALL-UNNAMED" : MODULE));
    }
    return command;
  }

  private synchronized InheritedOptions inherited() {
    if (inherited == null) {
      inherited = new InheritedOptions(settings.systemProperties());
    }
    return inherited;
  }

  private synchronized StartupCache startupCache() {
    if (startupCache == null) {
      startupCache = StartupCache.of(settings, classes, inherited().options());
    }
    return startupCache;
  }

  /** Takes options of other JVMs than this one out of the environment. */
  static void removeOptions(ProcessBuilder process) {
    process.environment().keySet().removeAll(OPTION_VARIABLES);
  }

  /**
   * Lets later workers start faster: in the background, and unless it was done before. To be called
   * when nobody waits for a worker's start.
   */
  void makeStartupCache() {
    var command = java();
    command.add("-cp");
    command.add(SearchPath.join(classes.segue()));
    startupCache().makeIfMissing(command);
  }

  private void addMain(List<String> command) {
    if (!classes.classPath().isEmpty()) {
      command.add("-cp");
      command.add(SearchPath.join(classes.classPath()));
    }
    if (classes.modulePath() == null) {
      command.add(mainClass);
      return;
    }
    if (!classes.modulePath().isEmpty()) {
      command.add("--module-path=" + SearchPath.join(classes.modulePath()));
    }
    // What the program's own start has resolved: its main module, or the class path's defaults.
    command.add("--add-modules=" + System.getProperty("jdk.module.main", "ALL-DEFAULT"));
    command.add("-m");
    command.add(MODULE + "/" + mainClass);
  }

  /** Why a worker cannot load a task's class, and what to do; null if it can. */
  @Nullable String refusalFor(Class<?> taskClass) {
    return classes.refusalFor(taskClass);
  }

  /** What {@link #differenceFrom} compares in the worker: the class path as the parent sees it. */
  List<String> classPathSeen() {
    return classPathSeen;
  }

  /** In a worker: how its class path differs from what the parent sees; null if it does not. */
  static @Nullable String differenceFrom(List<String> parentsView) {
    return ClassPathView.differenceFrom(parentsView);
  }
}
