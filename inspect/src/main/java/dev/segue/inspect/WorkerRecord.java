package dev.segue.inspect;

/**
 * A thread or process that ran tasks of a pool.
 *
 * @param name its name
 * @param from when it was started, or first seen at work, in nanoseconds from the recording's
 *     beginning
 * @param to when it ended, or was last seen at work; -1 if it is at work, or lives
 */
public record WorkerRecord(String name, long from, long to) {}
