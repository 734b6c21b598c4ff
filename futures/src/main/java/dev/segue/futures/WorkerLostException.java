package dev.segue.futures;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The failure of a task whose worker died, or for which no worker could be started. */
public final class WorkerLostException extends RuntimeException {
  /** The process id. */
  private final long pid;

  /** The exit code; null if there was no process. */
  private final @Nullable Integer exitCode;

  /** The last lines of standard error. */
  private final List<String> stderrTail;

  /**
   * Makes one.
   *
   * @param message what happened
   * @param pid the process; -1 if it is unknown, or could not be started
   * @param exitCode its exit code; null if it is unknown, or there was no process
   * @param stderrTail the last lines of its standard error
   * @param cause why; null if that is not known
   */
  public WorkerLostException(
      String message,
      long pid,
      @Nullable Integer exitCode,
      List<String> stderrTail,
      @Nullable Throwable cause) {
    super(message, cause);
    this.pid = pid;
    this.exitCode = exitCode;
    this.stderrTail = List.copyOf(stderrTail);
  }

  /**
   * Returns the id of the process that ended.
   *
   * @return the process id; -1 if it is unknown, or could not be started
   */
  public long pid() {
    return pid;
  }

  /**
   * Returns the exit code of the process.
   *
   * @return the exit code, which after a signal is 128 plus the signal's number; empty if it is
   *     unknown, or there was no process
   */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }

  /**
   * Returns the last lines of the process's standard error.
   *
   * @return the lines; of a JVM that crashed, the summary of the crash
   */
  public List<String> stderrTail() {
    return stderrTail;
  }
}
