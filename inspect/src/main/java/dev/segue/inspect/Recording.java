package dev.segue.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a {@link Recorder} has kept.
 *
 * @param began when the recorder was made
 * @param length how long ago that was when this was taken
 * @param loops the loops, in the order in which their recording began
 * @param pools the pools of threads and processes, in the same order
 * @param threads the threads that were recorded beside loops, group by group
 * @param marks what the program said of itself, in the order of time
 */
public record Recording(
    Instant began,
    Duration length,
    List<LoopRecording> loops,
    List<PoolRecording> pools,
    List<ThreadRecording> threads,
    List<Mark> marks) {
  /** Copies the lists. */
  public Recording {
    loops = List.copyOf(loops);
    pools = List.copyOf(pools);
    threads = List.copyOf(threads);
    marks = List.copyOf(marks);
  }

  /**
   * Returns what stands out.
   *
   * @return findings, those that took longest first; empty if all is well
   */
  public List<Finding> findings() {
    return Findings.of(loops);
  }
}
