package dev.segue.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Something in a {@link Recording} that is worth a look.
 *
 * @param lint what it is about
 * @param title what happened, in one sentence, with the line of code where that is known
 * @param advice what it means, and what to do
 * @param loop the index of the loop in the recording; -1 if it is about a thread
 * @param task the id of the task, or then of the thread
 * @param from when the part that shows it begins, in nanoseconds from the recording's beginning
 * @param to when that part ends
 * @param where the line of the program that the title names; null where it is not known
 */
public record Finding(
    Lint lint,
    String title,
    String advice,
    int loop,
    long task,
    long from,
    long to,
    @Nullable StackTraceElement where) {}
