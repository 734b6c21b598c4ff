package dev.segue.inspect;

/**
 * Something in a {@link Recording} that is worth a look.
 *
 * @param title what happened, in one sentence
 * @param advice what it means, and what to do
 * @param loop the index of the loop in the recording
 * @param task the id of the task
 * @param from when the part that shows it begins, in nanoseconds from the recording's beginning
 * @param to when that part ends
 */
public record Finding(String title, String advice, int loop, long task, long from, long to) {}
