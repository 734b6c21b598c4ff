package dev.segue.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start a worker: the command line, the environment and the folder. */
final class WorkerCommand {
  private final Settings settings;

  /**
   * Decides how workers of a pool are started.
   *
   * @throws IllegalStateException if workers could not load this program's classes; says why, and
   *     what to do
   */
  WorkerCommand(Settings settings) {
    this.settings = settings;
  }

  /** The process to start: standard streams are pipes. */
  ProcessBuilder newProcess() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(settings.jvmArgs());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.segue.process.WorkerMain");
    return new ProcessBuilder(command);
  }

  /** What {@link #differenceFrom} compares in the worker: the class path as the parent sees it. */
  List<String> classPathSeen() {
    return List.of();
  }

  /** In a worker: how its class path differs from what the parent sees; null if it does not. */
  static @org.jspecify.annotations.Nullable String differenceFrom(List<String> parentsView) {
    return null;
  }

  /** Why tasks of a class cannot be loaded by a worker, and what to do; null if they can. */
  @org.jspecify.annotations.Nullable
  String refusalFor(Class<?> taskClass) {
    return null;
  }
}
