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
 */
public record Recording(
    Instant began, Duration length, List<LoopRecording> loops, List<PoolRecording> pools) {
  /** Copies the lists. */
  public Recording {
    loops = List.copyOf(loops);
    pools = List.copyOf(pools);
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
