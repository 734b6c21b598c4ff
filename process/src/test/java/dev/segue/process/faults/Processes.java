package dev.segue.process.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Signals to processes, and what the system knows about them. */
public final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  public static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Stops a process, and waits until all of its threads have stopped. */
  public static void stop(long pid) {
    signal("STOP", pid);
    if (hasProc()) {
      Await.until("all threads of " + pid + " have stopped", () -> hasStopped(pid));
    }
  }

  private static boolean hasStopped(long pid) {
    try (var threads = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
      for (var thread : threads) {
        if (state(thread) != 'T') {
          return false;
        }
      }
      return true;
    } catch (IOException _) {
      return false; // one ended while this read it
    }
  }

  public static void resume(long pid) {
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) {
    try {
      int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      if (exit != 0) {
        throw new AssertionError("kill -" + name + " " + pid + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether there is such a process and it is not a zombie. */
  public static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).isPresent() && !isZombie(pid);
  }

  public static List<Long> alive(Collection<Long> pids) {
    return pids.stream().filter(Processes::isAlive).toList();
  }

  /** Whether a process is a zombie; false if there is no /proc. */
  public static boolean isZombie(long pid) {
    try {
      return state(PROC.resolve(Long.toString(pid))) == 'Z';
    } catch (IOException _) {
      return false; // there is none, or it ended while this read it
    }
  }

  /** The letter for the state of a process or thread. */
  private static char state(Path process) throws IOException {
    var stat = Files.readString(process.resolve("stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2); // after its name, which may contain anything
  }

  /** The living descendants of this process. */
  public static List<Long> descendants() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
  }

  public static boolean hasProc() {
    return Files.isDirectory(PROC.resolve("self/fd"));
  }

  /** How many bytes a process has read by now, from anything. */
  public static long bytesRead(long pid) {
    return io(pid, "rchar: ");
  }

  /** How many bytes a process has written by now, to anything. */
  public static long bytesWritten(long pid) {
    return io(pid, "wchar: ");
  }

  private static long io(long pid, String field) {
    try {
      return Files.readAllLines(PROC.resolve(pid + "/io")).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.substring(field.length())))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files, sockets and pipes that this process has open, by what they are. */
  public static List<String> openDescriptors() {
    try (var all = Files.newDirectoryStream(PROC.resolve("self/fd"))) {
      var targets = new ArrayList<String>();
      for (var descriptor : all) {
        try {
          targets.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException _) {
          // It was closed in the meantime, or is the one that lists the folder.
        }
      }
      Collections.sort(targets);
      return targets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
