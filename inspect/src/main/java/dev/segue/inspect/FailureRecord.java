package dev.segue.inspect;

import java.util.List;

/**
 * A failure that nothing in the program had seen when it was given to the exception handler.
 *
 * @param task the id of the task
 * @param name the task's name
 * @param at when that was, in nanoseconds from the recording's beginning
 * @param failure what was thrown, in words
 * @param end whether the task ended with it; false for what it left behind otherwise, such as a
 *     lock
 * @param stack where it was thrown, the innermost frame first
 */
public record FailureRecord(
    long task, String name, long at, String failure, boolean end, List<StackTraceElement> stack) {
  /** Copies the stack. */
  public FailureRecord {
    stack = List.copyOf(stack);
  }
}
