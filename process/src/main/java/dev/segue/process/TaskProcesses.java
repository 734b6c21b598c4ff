package dev.segue.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * In a worker: the processes that a stopped task has started and left behind. They are told from
 * older ones by their age, so that tasks that are not stopped need not be watched.
 */
final class TaskProcesses {
  /** How long they have to end when asked to, before they are killed. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Path UPTIME = Path.of("/proc/uptime");

  /** The kernel's unit of time in /proc, 10 ms on every platform of the JDK. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private TaskProcesses() {}

  /**
   * Ends the descendants of this process that are no older than a task: asks them to, and kills
   * those that have not ended soon.
   *
   * @param begun when the task began, by {@link System#nanoTime}
   */
  static void endSince(long begun) {
    var left =
        ProcessHandle.current()
            .descendants()
            .filter(process -> startedSince(process, System.nanoTime() - begun))
            .toList();
    if (left.isEmpty()) {
      return;
    }
    left.forEach(ProcessHandle::destroy);
    awaitEnd(left);
    left.forEach(ProcessHandle::destroyForcibly);
  }

  private static boolean startedSince(ProcessHandle process, long ageOfTask) {
    try {
      if (Files.exists(UPTIME)) {
        var uptime = Files.readString(UPTIME);
        long now = Math.round(Double.parseDouble(uptime.split(" ", 2)[0]) * 100);
        // Both are rounded down.
        return now - ProcessStat.of(Long.toString(process.pid())).start()
            <= ageOfTask / TICK_NANOS + 2;
      }
    } catch (IOException _) {
      return false; // it has ended
    }
    var start = process.info().startInstant();
    return start.isPresent() && !start.get().isBefore(Instant.now().minusNanos(ageOfTask));
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - end < 0) {
        Thread.sleep(5);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
