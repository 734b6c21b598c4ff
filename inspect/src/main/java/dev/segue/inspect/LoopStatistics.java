package dev.segue.inspect;

import dev.segue.Stall;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * What a {@link LoopMeter} has counted, since it was given to its loop.
 *
 * <p>The busy and the idle time are those of Node's {@code performance.eventLoopUtilization()}; the
 * steps are what tokio calls polls.
 *
 * @param loop the loop's name; empty before its first task
 * @param liveTasks how many of the created tasks have not ended
 * @param createdTasks how many tasks were created
 * @param succeededTasks how many of them returned
 * @param failedTasks how many of them threw
 * @param cancelledTasks how many of them were cancelled
 * @param steps how often a task ran, from when it went on to when it waited again or ended
 * @param busy for how long the loop had something to do
 * @param idle for how long it waited for something to do, or did not run
 * @param longestStep the longest step, of which the others were delayed by as much
 * @param longestDelay the longest time by which a task was seen to go on late
 * @param stalls how often a task held the loop for 50 ms and longer, by cause; a cause that did not
 *     occur is absent
 * @param unobservedFailures how many failures were given to the exception handler, because nothing
 *     had retrieved them
 */
public record LoopStatistics(
    String loop,
    long liveTasks,
    long createdTasks,
    long succeededTasks,
    long failedTasks,
    long cancelledTasks,
    long steps,
    Duration busy,
    Duration idle,
    Duration longestStep,
    Duration longestDelay,
    Map<Stall.Cause, Long> stalls,
    long unobservedFailures) {
  /** Copies the map. */
  public LoopStatistics {
    stalls = Map.copyOf(stalls);
  }

  /**
   * Returns the part of the time since an earlier look in which the loop was busy.
   *
   * @param earlier what the same meter had counted then
   * @return between 0, always idle, and 1, never idle
   */
  public double utilizationSince(LoopStatistics earlier) {
    Objects.requireNonNull(earlier, "earlier must not be null");
    double busyNanos = busy.minus(earlier.busy).toNanos();
    double nanos = busyNanos + idle.minus(earlier.idle).toNanos();
    return nanos <= 0 ? 0 : Math.clamp(busyNanos / nanos, 0.0, 1.0);
  }
}
