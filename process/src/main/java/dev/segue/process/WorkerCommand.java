package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** How to start a worker: the command line, the environment and the folder. */
final class WorkerCommand {
  private static final String MODULE = "dev.segue.process";

  /** The longest argument that Linux allows, less some reserve. */
  private static final int LONGEST_ARGUMENT = 131_000;

  /** The options of the workers' JVMs, unless the user has said something else. */
  private static final List<String> DEFAULTS =
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

  private final FutureTask<ClassFiles> classFiles;

  /** This JVM's part in the command, which takes a while to find out. */
  @GuardedBy("this")
  private @Nullable Surroundings surroundings;

  /**
   * What this JVM adds to the command of its workers.
   *
   * @param inherited the options that they inherit
   * @param access the option with which they may leave this JVM's process group, if they need one
   * @param user what the user has said about their JVMs
   * @param cache the options for this program's archive of classes
   */
  private record Surroundings(
      InheritedOptions inherited, List<String> access, UserOptions user, List<String> cache) {}

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
    this.classFiles = new FutureTask<>(() -> new ClassFiles(classes.all()));
  }

  /** Prepares the first worker's start in the background, which takes a while. */
  void prepare(String threadName, ServiceThreads threads) {
    threads.start(
        threadName,
        () -> {
          var _ = newProcess();
          var _ = ProcessHandle.current(); // loads what the JDK needs to start one
          classFiles.run();
        },
        _ -> {
          // The first worker's start fails in the same way, or succeeds, and tells.
        });
  }

  /**
   * Checks that the class files are still those with which the pool was built.
   *
   * @throws IOException if one is not, since a worker would silently run other code than this JVM
   */
  void checkClassFiles() throws IOException {
    classFiles.run(); // unless that was done
    String difference;
    try {
      difference = classFiles.get().difference();
    } catch (ExecutionException | InterruptedException e) {
      throw new IOException("cannot look at the program's class files: " + e, e);
    }
    if (difference != null) {
      throw new IOException(difference);
    }
  }

  /** Returns a process to start. Its standard streams are pipes; what it prints is UTF-8. */
  ProcessBuilder newProcess() {
    var found = surroundings();
    var command = new ArrayList<String>();
    if (ProcessGroup.launcher() != null) {
      command.add(ProcessGroup.launcher().toString());
    }
    command.add(java.toString());
    command.addAll(found.user().defaults(ours(found.inherited())));
    command.addAll(found.cache());
    command.addAll(found.inherited().options());
    command.addAll(found.access());
    command.addAll(settings.jvmArgs());
    addMain(command);
    var process = new ProcessBuilder(command);
    process.environment().keySet().removeAll(UserOptions.VARIABLES); // meant for other JVMs
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

  /** Returns the options that give way to the user's. */
  private List<String> ours(InheritedOptions inherited) {
    var ours = new ArrayList<>(DEFAULTS);
    ours.addAll(inherited.properties());
    if (settings.workerHeap() > 0) {
      ours.add("-Xmx" + settings.workerHeap());
    }
    if (!classes.classPath().isEmpty()) {
      ours.add("--class-path=" + SearchPath.join(classes.classPath()));
    }
    if (classes.modulePath() != null && !classes.modulePath().isEmpty()) {
      ours.add("--module-path=" + SearchPath.join(classes.modulePath()));
    }
    return ours;
  }

  private synchronized Surroundings surroundings() {
    if (surroundings == null) {
      var options = JvmOptions.ofThisJvm();
      var inherited = new InheritedOptions(options, settings.systemProperties());
      var user = new UserOptions(settings);
      var access = access();
      access.removeAll(inherited.options());
      // An archive would not fit if workers could do what this JVM cannot.
      var cache =
          access.isEmpty() && !inherited.isAnyOfManifest()
              ? ProgramCache.options(settings, classes, options, user)
              : List.<String>of();
      ProgramCache.record(options);
      surroundings = new Surroundings(inherited, access, user, cache);
    }
    return surroundings;
  }

  private List<String> access() {
    var access = new ArrayList<String>();
    if (ProcessGroup.launcher() == null) {
      access.add(
          "--enable-native-access=" + (classes.modulePath() == null ? "ALL-UNNAMED" : MODULE));
    }
    return access;
  }

  private void addMain(List<String> command) {
    if (classes.modulePath() == null) {
      command.add(mainClass);
      return;
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
