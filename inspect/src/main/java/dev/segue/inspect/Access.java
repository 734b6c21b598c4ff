package dev.segue.inspect;

/**
 * One reading or writing of a field: {@link LostUpdate}.
 *
 * @param at when, in nanoseconds from the recording's beginning
 * @param who the name of the task or thread that did it
 * @param thread the id of the thread
 * @param loop the index of the loop, in the recording, whose task did it; -1 if no task did
 * @param task the id of that task, or 0
 * @param where the line of the program
 */
public record Access(
    long at, String who, long thread, int loop, long task, StackTraceElement where) {}
