package dev.segue.compare;

import java.io.Serializable;

/**
 * All jobs run once under one model. Times are in nanoseconds.
 *
 * @param wall from the first submission to the last end
 * @param processor what it cost of processor time, in all processes
 * @param p50 the median time of a job from when it was due to its end. All are due at the
 *     beginning, or, at a given rate, one after the other: that a model is late to submit one is
 *     not left out
 * @param p99 the 99th percentile of that
 * @param max the longest
 * @param threads the most threads at one time, in all processes, those of the JVM included
 * @param memory the most resident memory at one time, in all processes, in bytes; 0 if they are on
 *     other machines
 */
public record Repetition(
    long wall, long processor, long p50, long p99, long max, int threads, long memory)
    implements Serializable {}
