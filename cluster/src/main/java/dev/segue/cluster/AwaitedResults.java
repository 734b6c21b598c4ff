package dev.segue.cluster;

import java.util.concurrent.ThreadPoolExecutor;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/**
 * The attempts from which Spark still expects a result. A thread of Spark's that runs out of memory
 * over a result ends without a word, and its job then waits for ever.
 */
final class AwaitedResults {
  private final SparkContext context;

  AwaitedResults(SparkContext context) {
    this.context = context;
  }

  /**
   * Whether an attempt may still run, or its result be read. Takes no lock of Spark's.
   *
   * @param id the id of Spark's task
   */
  boolean has(long id) {
    return !(context.taskScheduler() instanceof TaskSchedulerImpl scheduler) // another, or none
        || scheduler.taskIdToTaskSetManager().containsKey(id)
        || isReading(scheduler);
  }

  private static boolean isReading(TaskSchedulerImpl scheduler) {
    return !(scheduler.taskResultGetter().getTaskResultExecutor()
            instanceof ThreadPoolExecutor readers)
        || readers.getActiveCount() > 0
        || !readers.getQueue().isEmpty();
  }
}
