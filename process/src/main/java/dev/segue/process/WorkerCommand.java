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

  /** The longest argument that Linux allows, less some reserve. */
  private static final int LONGEST_ARGUMENT = 131_000;

  /** The variables in which this JVM's own options may be. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          // Else large arrays are copied from generation to generation, and the heap grows to
          // its limit before unused ones are collected.
          "-XX:PretenureSizeThreshold=16m",
          // Else a counting loop delays garbage collections and the exit until it ends.
          "-XX:+UseCountedLoopSafepoints",
          "-XX:LoopStripMiningIter=1000",
          "-XX:+ExitOnOutOfMemoryError",
          // Standard output belongs to the tasks, except for the summary of a crash, which nothing
          // can redirect. Neither a crash nor SIGKILL leaves a file.
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

  /** Prepares the first worker's command in the background, which takes a while. */
  void prepare(String threadName, ServiceThreads threads) {
    threads.start(
        threadName,
        this::newProcess,
        _ -> {
          // The first worker's start fails in the same way, or succeeds, and tells.
        });
  }

  /** Returns a process to start. Its standard streams are pipes; what it prints is UTF-8. */
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

  /** Returns the part of the command that all workers with the same start-up cache share. */
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

  /** Removes options that are meant for other JVMs from the environment. */
  static void removeOptions(ProcessBuilder process) {
    process.environment().keySet().removeAll(OPTION_VARIABLES);
  }

  /**
   * Makes the start-up cache in the background, unless there is one. To be called when no task
   * waits for a worker's start.
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
    // As in this program: its main module, or the defaults of the class path.
    command.add("--add-modules=" + System.getProperty("jdk.module.main", "ALL-DEFAULT"));
    command.add("-m");
    command.add(MODULE + "/" + mainClass);
  }

  /** Explains why a worker cannot load a task's class, and what to do; null if it can. */
  @Nullable String refusalFor(Class<?> taskClass) {
    return classes.refusalFor(taskClass);
  }

  /** Returns the class path as the parent sees it, for {@link #differenceFrom} in the worker. */
  List<String> classPathSeen() {
    return classPathSeen;
  }

  /**
   * In a worker: tells how its class path differs from what the parent sees; null if it does not.
   */
  static @Nullable String differenceFrom(List<String> parentsView) {
    return ClassPathView.differenceFrom(parentsView);
  }
}
