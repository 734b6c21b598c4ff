package dev.segue.inspect;

import dev.segue.Stall;
import java.util.List;

/**
 * A time in which a loop was held, as the watchdog saw it, or as a long step was recorded.
 *
 * @param task the id of the task that held it; 0 if it was the loop's own work
 * @param from when that began, in nanoseconds from the recording's beginning
 * @param to when it ended, or, if that was not recorded, when the watchdog looked last
 * @param cause why; unknown if the watchdog did not see it
 * @param stack what the task, or the loop, did when the watchdog looked last, the innermost frame
 *     first; empty if it did not see it
 */
public record StallRecord(
    long task, long from, long to, Stall.Cause cause, List<StackTraceElement> stack) {
  /** Copies the stack. */
  public StallRecord {
    stack = List.copyOf(stack);
  }
}
