package dev.segue.inspect;

import java.util.List;

/**
 * What was recorded of one pool.
 *
 * @param name the pool's name
 * @param tasks the tasks that ended last, and those that have not ended, in the order in which they
 *     were submitted
 * @param workers the threads or processes that ran them, in the order in which they began
 * @param lostTasks how many tasks were overwritten by later ones
 */
public record PoolRecording(
    String name, List<PoolTaskRecord> tasks, List<WorkerRecord> workers, long lostTasks) {
  /** Copies the lists. */
  public PoolRecording {
    tasks = List.copyOf(tasks);
    workers = List.copyOf(workers);
  }
}
