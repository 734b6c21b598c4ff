package dev.segue.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux tells of a process in {@code /proc}.
 *
 * @param state a letter
 * @param group the id of its process group
 * @param start when it started, in ticks of 10 ms since the system did
 */
record ProcessStat(char state, long group, long start) {
  private static final Path PROC = Path.of("/proc");

  /** The end of the name, then the fields from the third on. */
  private static final int STATE = 0;

  private static final int GROUP = 5 - 3;
  private static final int START = 22 - 3;

  /**
   * Reads it.
   *
   * @param process its id, or {@code self}
   * @throws IOException if it has ended, or there is no {@code /proc}
   */
  static ProcessStat of(String process) throws IOException {
    var stat = Files.readString(PROC.resolve(process).resolve("stat"));
    // pid (name) state parent group ..., where the name may contain anything
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START + 2);
    return new ProcessStat(
        fields[STATE].charAt(0), Long.parseLong(fields[GROUP]), Long.parseLong(fields[START]));
  }

  /** Whether it runs, and is neither a zombie nor about to vanish. */
  boolean isAlive() {
    return state != 'Z' && state != 'X';
  }
}
