/**
 * What shows how a program on Segue spends its time.
 *
 * <p>A {@link dev.segue.inspect.Recorder} is told what the tasks of loops do, and keeps the last of
 * it. A {@link dev.segue.inspect.Recording} is what it has kept: spans in which each task ran, was
 * ready, or waited, and sums for each task. A {@link dev.segue.inspect.Page} shows it, or a {@link
 * dev.segue.inspect.StepRecording}, in which steps count and not time.
 */
@NullMarked
package dev.segue.inspect;

import org.jspecify.annotations.NullMarked;
