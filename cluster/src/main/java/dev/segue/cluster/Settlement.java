package dev.segue.cluster;

import dev.segue.cluster.ClusterFailures.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the tasks of a slot that has ended: some have a result, some fail, and the others
 * are queued again. Guarded by the pool's lock; what ends futures is collected, to be run without
 * it.
 */
final class Settlement {
  private final SparkPool pool;
  private final TaskQueue queue;
  private final Jobs jobs;

  /** How many executors may be lost that run a task and nothing else. */
  private final int maxFailures;

  Settlement(SparkPool pool, TaskQueue queue, Jobs jobs, int maxFailures) {
    this.pool = pool;
    this.queue = queue;
    this.jobs = jobs;
    this.maxFailures = maxFailures;
  }

  /**
   * Ends the tasks of a slot whose results have come, and queues those again that have none.
   *
   * @param results null for a task that the last attempt did not take with it
   */
  void arrived(Slot slot, byte[] @Nullable [] results, List<Runnable> actions) {
    if (slot.hasEnded()) {
      return;
    }
    var again = new ArrayList<ClusterTask<?>>();
    for (int i = 0; i < slot.tasks().size(); i++) {
      var task = slot.tasks().get(i);
      var result = i < results.length ? results[i] : null;
      if (!slot.holds(task)) {
        continue;
      }
      if (result != null) {
        task.over();
        actions.add(() -> pool.deliver(task, result));
      } else {
        if (slot.wasSent() && !slot.isKilled()) {
          task.lost(slot.job().isAlone()); // the executor, which may have run others too
        }
        withoutResult(task, slot, again, actions);
      }
    }
    queue.addFirst(again);
    jobs.end(slot);
  }

  /**
   * Ends the slots of a job that Spark has given up. One of them is to blame, and the others are
   * run again.
   */
  void failed(SparkJob job, Throwable why, List<Runnable> actions) {
    int guilty = guilty(job, why);
    boolean isNobodyNamed = guilty < 0 && !job.isCancelled() && job.slots().size() > 1;
    var again = new ArrayList<ClusterTask<?>>();
    for (var slot : job.slots()) {
      if (slot.hasEnded()) {
        continue;
      }
      boolean blamed = !job.isCancelled() && isBlamed(slot, guilty, why);
      for (var task : slot.tasks()) {
        if (!slot.holds(task)) {
          continue;
        }
        if (blamed && !task.isDone() && !task.isInterrupted()) {
          blamed(task, slot, why, again, actions);
        } else {
          if (isNobodyNamed) {
            task.setAlone();
          }
          withoutResult(task, slot, again, actions);
        }
      }
      jobs.end(slot);
    }
    queue.addFirst(again);
  }

  /** Which slot made a job fail; -1 if Spark names none that is left. */
  private static int guilty(SparkJob job, Throwable why) {
    int named = ClusterFailures.guilty(why);
    boolean isLeft = named >= 0 && named < job.slots().size() && !job.slots().get(named).hasEnded();
    return isLeft && !job.isCancelled() ? named : -1;
  }

  private static boolean isBlamed(Slot slot, int guilty, Throwable why) {
    return slot.index() == guilty
        || slot.job().slots().size() == 1
        || ClusterFailures.isCancelled(why);
  }

  /** Fails a task for which a job has failed, unless the cause may have been another one. */
  private void blamed(
      ClusterTask<?> task,
      Slot slot,
      Throwable why,
      List<ClusterTask<?>> again,
      List<Runnable> actions) {
    boolean loss = ClusterFailures.isLoss(why);
    boolean hadCompany = slot.tasks().size() > 1 || (loss && !jobs.isAlone(slot));
    if (hadCompany && !task.isUsedUp() && !ClusterFailures.isCancelled(why)) {
      task.setAlone();
      task.queuedAgain();
      again.add(task);
    } else if (loss) {
      failLost(task, slot, String.valueOf(why.getMessage()), actions);
    } else {
      task.over();
      actions.add(() -> task.fail(ClusterFailures.notRun(task.name(), why)));
    }
  }

  private void withoutResult(
      ClusterTask<?> task, Slot slot, List<ClusterTask<?>> again, List<Runnable> actions) {
    if (task.isDone()) {
      task.over();
      actions.add(task::workEnded);
    } else if (task.isInterrupted()) {
      task.over();
      actions.add(() -> task.fail(ClusterFailures.interrupted(task.name())));
    } else if (task.isUsedUp() || task.lossesAlone() >= maxFailures) {
      failLost(task, slot, "its executor was lost", actions);
    } else {
      task.queuedAgain();
      again.add(task);
    }
  }

  /** Fails a task whose executor was lost, once the executor's output has been read. */
  private void failLost(ClusterTask<?> task, Slot slot, String why, List<Runnable> actions) {
    var executor = slot.executor();
    var told = slot.lastFailure();
    if (told == null && executor != null) {
      told = executor.whyEnded();
    }
    var loss =
        new Loss(
            task.name(),
            task.attempts(),
            executor == null ? null : executor.toString(),
            told == null ? why : told,
            executor == null ? Map.of() : executor.logs());
    task.over();
    actions.add(() -> pool.failLater(task, () -> ClusterFailures.lost(loss)));
  }
}
