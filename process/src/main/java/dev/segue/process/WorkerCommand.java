package dev.segue.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How to start a worker: the command line, the environment and the folder. */
final class WorkerCommand {
  private static final String MODULE = "dev.segue.process";

  /** Options of other JVMs than this one, which nobody asked for here. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          // Else a loop that counts holds up collections and the exit until it ends.
          "-XX:+UseCountedLoopSafepoints",
          "-XX:LoopStripMiningIter=1000",
          "-XX:+ExitOnOutOfMemoryError",
          // Standard output is the user's code's (but for the summary of a crash, which nothing
          // keeps
          // off it), and nothing is left on the disk by a crash or by SIGKILL.
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
  private final InheritedOptions inherited;
  private final Path java;
  private final List<String> classPathSeen;

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
          "Workers need %s, which this Java has not: use a JDK, or a run-time image that keeps its native commands"
              .formatted(java));
    }
    var folder = settings.workingDirectory();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new IllegalStateException("workingDirectory is no folder: " + folder);
    }
    this.classes = ProgramClasses.find(settings.classPath());
    this.inherited = new InheritedOptions(settings.systemProperties());
    this.classPathSeen = ClassPathView.of(classes.all());
  }

  /** The process to start: standard streams are pipes. What it prints is UTF-8. */
  ProcessBuilder newProcess() {
    var command = new ArrayList<String>();
    if (ProcessGroup.launcher() != null) {
      command.add(ProcessGroup.launcher().toString());
    }
    command.add(java.toString());
    command.addAll(JVM);
    command.addAll(inherited.options());
    command.addAll(inherited.properties());
    if (ProcessGroup.launcher() == null) {
      command.add(
          "--enable-native-access=" + (classes.modulePath() == null ? "ALL-UNNAMED" : MODULE));
    }
    if (settings.workerHeap() > 0) {
      command.add("-Xmx" + settings.workerHeap());
    }
    command.addAll(settings.jvmArgs());
    addMain(command);
    var process = new ProcessBuilder(command);
    process.environment().keySet().removeAll(OPTION_VARIABLES);
    settings
        .environment()
        .forEach((name, value) -> {
          if (value == null) {
            process.environment().remove(name);
          } else {
            process.environment().put(name, value);
          }
        });
    if (settings.workingDirectory() != null) {
      process.directory(settings.workingDirectory().toFile());
    }
    return process;
  }

  private void addMain(List<String> command) {
    if (!classes.classPath().isEmpty()) {
      command.add("-cp");
      command.add(joined(classes.classPath()));
    }
    if (classes.modulePath() == null) {
      command.add(mainClass);
      return;
    }
    if (!classes.modulePath().isEmpty()) {
      command.add("--module-path=" + joined(classes.modulePath()));
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

  private static String joined(Collection<Path> path) {
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
