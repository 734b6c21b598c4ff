package dev.segue.inspect;

import static java.util.stream.Collectors.groupingBy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

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

  /** The tasks that began, by the name of their worker, in the order in which they began. */
  Map<String, List<PoolTaskRecord>> begunByWorker() {
    return tasks.stream()
        .filter(task -> task.began() >= 0)
        .sorted(Comparator.comparingLong(PoolTaskRecord::began))
        .collect(groupingBy(PoolTaskRecord::worker));
  }
}
