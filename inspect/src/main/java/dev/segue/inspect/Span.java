package dev.segue.inspect;

import dev.segue.Waiting;
import dev.segue.Wake;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a task did one thing.
 *
 * @param task the task's id
 * @param state what it did
 * @param from when that began, in nanoseconds from the recording's beginning
 * @param to when it ended
 * @param waitsFor what the task waited for; null unless it did
 * @param number the number of that; 0 if it has none
 * @param wokenBy what made the task ready; null unless it was
 * @param waker the id of the task that did; 0 if none did
 */
public record Span(
    long task,
    State state,
    long from,
    long to,
    Waiting.@Nullable Kind waitsFor,
    long number,
    @Nullable Wake wokenBy,
    long waker) {
  /**
   * Returns how long it took.
   *
   * @return nanoseconds
   */
  public long nanos() {
    return to - from;
  }
}
