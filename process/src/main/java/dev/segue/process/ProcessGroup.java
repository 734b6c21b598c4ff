package dev.segue.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A worker's own process group, which Ctrl-C on the parent's terminal does not reach. */
final class ProcessGroup {
  /** The program that starts another one as the leader of a new group; null if there is none. */
  private static final @Nullable Path SETSID = find("setsid");

  private static final long MOST_NANOS_TO_DIE = TimeUnit.SECONDS.toNanos(2);

  private ProcessGroup() {}

  /**
   * Returns the program to put before a command so that it leads a group of its own; null if there
   * is none.
   */
  static @Nullable Path launcher() {
    return SETSID;
  }

  /**
   * Makes this process the leader of a group of its own, unless it is one. Takes a tenth of a
   * second if no {@linkplain #launcher launcher} has done it.
   */
  @SuppressWarnings("restricted")
  static void leave() {
    if (leads()) {
      return;
    }
    var linker = Linker.nativeLinker();
    var setpgid =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpgid"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      // It only fails if this process already leads its group.
      var _ = (int) setpgid.invokeExact(0, 0);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Whether this process leads its group; false if the system does not tell. */
  private static boolean leads() {
    try {
      return ProcessStat.of("self").group() == ProcessHandle.current().pid();
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Kills this process and its group, including processes that tasks started and that have lost
   * their parents. Returns only if this process does not lead its group, or the kill failed.
   */
  static void killOwn() {
    if (leads()) {
      var _ = kill("0");
    }
  }

  /**
   * Kills what a worker that has ended left behind in its group, and waits until it is gone: on a
   * busy machine a process takes its time to die.
   *
   * @param pid the worker's process id. It must have ended, and its end must have been waited for
   */
  static void kill(long pid) {
    // A new process can have this id only if the group was empty.
    if (ProcessHandle.of(pid).isEmpty() && kill("-" + pid)) {
      long begin = System.nanoTime();
      while (isAnyAlive(pid) && System.nanoTime() - begin < MOST_NANOS_TO_DIE) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** Whether a group has a process that is not a zombie; false if the system does not tell. */
  private static boolean isAnyAlive(long group) {
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (isAliveIn(group, process.getFileName().toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // it does not tell
    }
    return false;
  }

  private static boolean isAliveIn(long group, String process) {
    try {
      var stat = ProcessStat.of(process);
      return stat.group() == group && stat.isAlive();
    } catch (IOException _) {
      return false; // it has ended
    }
  }

  /** Returns whether there was one. */
  private static boolean kill(String processes) {
    try {
      var kill =
          new ProcessBuilder("/bin/sh", "-c", "kill -KILL " + processes)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      kill.getOutputStream().close();
      if (kill.waitFor(2, TimeUnit.SECONDS)) {
        return kill.exitValue() == 0;
      }
      kill.destroyForcibly();
    } catch (IOException _) {
      // No process can be started, so children of the worker may be left.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static @Nullable Path find(String program) {
    var path = System.getenv("PATH");
    for (var folder : SearchPath.split(path == null ? "/usr/bin:/bin" : path)) {
      var file = folder.resolve(program);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }
}
