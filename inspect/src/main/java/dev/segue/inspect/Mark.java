package dev.segue.inspect;

import org.jspecify.annotations.Nullable;

/**
 * Something that a program said of itself while it was recorded: {@link Recorder#mark}.
 *
 * @param at when, in nanoseconds from the recording's beginning
 * @param text what
 * @param thread the id of the thread that said it
 * @param loop the index of the loop, in the recording, whose task said it; null if no task did
 * @param task the id of that task, or 0
 */
public record Mark(long at, String text, long thread, @Nullable Integer loop, long task) {}
