package dev.segue.cli;

import dev.segue.cli.Unreachable.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Another process, and whether it can be asked about its tasks. What Linux tells in {@code /proc}
 * is read there.
 *
 * @param pid its number
 */
record JavaProcess(long pid) {
  /** The name of the thread that Segue has in a JVM with a loop, as Linux tells it. */
  private static final Pattern WATCHDOG = Pattern.compile("segue-watchdog");

  /** The name of a thread that each process pool has, of which Linux tells 15 characters. */
  private static final Pattern COORDINATOR = Pattern.compile("pool-\\d+-coor.*");

  private static final Path PROC = Path.of("/proc");

  private Path proc() {
    return PROC.resolve(String.valueOf(pid));
  }

  private static boolean isLinux() {
    return Files.exists(PROC.resolve("self"));
  }

  /**
   * Checks what can be seen from outside.
   *
   * @throws Unreachable if it cannot be asked
   */
  void check() throws Unreachable {
    var handle = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    if (handle.isEmpty() || state() == 'Z') {
      throw new Unreachable(Reason.NO_PROCESS, "there is no process " + pid);
    }
    var owner = owner(handle.get());
    if (!owner.equals(owner(ProcessHandle.current()))) {
      var name = handle.get().info().user().orElse(owner);
      throw new Unreachable(
          Reason.OTHER_USER,
          "process %d belongs to the user %s; run this command as that user".formatted(pid, name));
    }
    if (!isJava(handle.get())) {
      throw new Unreachable(Reason.NOT_JAVA, "process " + pid + " is not a Java process");
    }
    checkGoesOn();
  }

  /** Checks that it has neither ended nor been stopped since. */
  void checkGoesOn() throws Unreachable {
    if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      throw new Unreachable(Reason.NO_PROCESS, "process " + pid + " has ended");
    }
    switch (state()) {
      case 'Z' -> throw new Unreachable(Reason.NO_PROCESS, "process " + pid + " has ended");
      case 'T' ->
          throw new Unreachable(
              Reason.STOPPED,
              "process %1$d is stopped; 'kill -CONT %1$d' has it go on".formatted(pid));
      case 't' ->
          throw new Unreachable(
              Reason.STOPPED, "process " + pid + " is stopped by a debugger that traces it");
      default -> {}
    }
  }

  /** The letter that the system has for what it does; a blank where it does not tell. */
  private char state() {
    try {
      if (isLinux()) {
        var stat = Files.readString(proc().resolve("stat"), StandardCharsets.ISO_8859_1);
        return stat.charAt(stat.lastIndexOf(')') + 2); // after its name, which may be anything
      }
      var ps = new ProcessBuilder("ps", "-o", "state=", "-p", String.valueOf(pid)).start();
      var state = ps.inputReader().readAllAsString().strip();
      return state.isEmpty() ? ' ' : state.charAt(0);
    } catch (IOException _) {
      return ' '; // it has ended, which others find
    }
  }

  private static String owner(ProcessHandle process) {
    try {
      return isLinux()
          ? Files.getAttribute(PROC.resolve(String.valueOf(process.pid())), "unix:uid").toString()
          : process.info().user().orElse("");
    } catch (IOException _) {
      return "";
    }
  }

  /** The folder in which a process of this user is asked, as the process names it. */
  static Path folder() {
    return Path.of(
        "/tmp",
        "segue-" + (isLinux() ? owner(ProcessHandle.current()) : System.getProperty("user.name")));
  }

  private boolean isJava(ProcessHandle handle) {
    var command = handle.info().command().map(Path::of).map(Path::getFileName);
    if (command.map(name -> name.toString().equals("java")).orElse(false)) {
      return true;
    }
    try (var maps = Files.lines(proc().resolve("maps"), StandardCharsets.ISO_8859_1)) {
      return maps.anyMatch(line -> line.contains("libjvm"));
    } catch (IOException _) {
      return false;
    }
  }

  /** How many class loaders have a loop of Segue's that runs; empty where it is not told. */
  Optional<Integer> watchdogs() {
    return threads(WATCHDOG);
  }

  /** Whether it has a process pool of Segue's; false where it is not told. */
  boolean hasPool() {
    return threads(COORDINATOR).orElse(0) > 0;
  }

  /** How many of its threads have such a name; empty where it is not told. */
  private Optional<Integer> threads(Pattern name) {
    int found = 0;
    try (var threads = Files.newDirectoryStream(proc().resolve("task"))) {
      for (var thread : threads) {
        if (isNamed(thread, name)) {
          found++;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return Optional.empty();
    }
    return Optional.of(found);
  }

  private static boolean isNamed(Path thread, Pattern name) {
    try {
      return name.matcher(Files.readString(thread.resolve("comm")).strip()).matches();
    } catch (IOException _) {
      return false; // it has just ended
    }
  }

  @Override
  public String toString() {
    return "process " + pid;
  }

  /** Whether a process is alive. */
  static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(Objects::nonNull).orElse(false);
  }
}
