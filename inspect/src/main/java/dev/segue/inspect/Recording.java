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
 * @param lostUpdates updates of fields that were lost, in classes that {@link Recorder#watched} has
 *     changed: of each kind the first, in the order of time
 */
public record Recording(
    Instant began,
    Duration length,
    List<LoopRecording> loops,
    List<PoolRecording> pools,
    List<ThreadRecording> threads,
    List<Mark> marks,
    List<LostUpdate> lostUpdates) {
  /** Copies the lists. */
  public Recording {
    loops = List.copyOf(loops);
    pools = List.copyOf(pools);
    threads = List.copyOf(threads);
    marks = List.copyOf(marks);
    lostUpdates = List.copyOf(lostUpdates);
  }

  /**
   * Returns what stands out.
   *
   * @return findings, what is certainly wrong first, then what took longest; empty if all is well
   */
  public List<Finding> findings() {
    return Findings.of(this);
  }
}
