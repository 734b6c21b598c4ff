package dev.segue.inspect;

/**
 * One task of a pool of threads or processes.
 *
 * @param id a number that no other task of the pool has
 * @param name its name; empty if it has none
 * @param submitter what submitted it: the name of a thread, or of a task and its loop
 * @param submitted when that was, in nanoseconds from the recording's beginning
 * @param began when it began; -1 if it has not. In a process: when its worker had it, and had ended
 *     those before
 * @param ended when it ended; -1 if it has not
 * @param worker the name of the thread or process that ran it; empty if none has
 * @param ending how it ended
 */
public record PoolTaskRecord(
    long id,
    String name,
    String submitter,
    long submitted,
    long began,
    long ended,
    String worker,
    Ending ending) {
  /** What it is called where it is shown. */
  String title() {
    return name.isEmpty() ? "task " + id : name;
  }
}
