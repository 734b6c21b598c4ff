package dev.segue.cluster;

import dev.segue.cluster.ClusterFailures.Loss;
import dev.segue.futures.internal.TaskQueue;
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
  private static final String RESULT_LOST =
      "Spark received its result and lost it, as it does if this JVM has too little memory:"
          + " give it more with -Xmx, or return less at once";

  private final SparkPool pool;
  private final TaskQueue<ClusterTask<?>> queue;
  private final Jobs jobs;

  /** How many executors may be lost that run a task and nothing else. */
  private final int maxFailures;

  Settlement(SparkPool pool, TaskQueue<ClusterTask<?>> queue, Jobs jobs, int maxFailures) {
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
    var whyUnsent = slot.whyUnsent();
    var again = new ArrayList<ClusterTask<?>>();
    for (int i = 0; i < slot.tasks().size(); i++) {
      var task = slot.tasks().get(i);
      var result = i < results.length ? results[i] : null;
      if (!slot.holds(task)) {
        continue;
      }
      if (result != null) {
        actions.add(() -> pool.deliver(task, result));
        task.over();
      } else if (whyUnsent != null && isWanted(task)) {
        unsent(task, whyUnsent, again, actions);
      } else {
        if (slot.wasSent() && !slot.isKilled()) {
          task.lost(slot.job().isAlone()); // the executor, which may have run others too
        }
        withoutResult(task, slot, again, actions);
      }
    }
    queueAgain(again);
    jobs.end(slot);
  }

  /** What must be run again is held by its slot until it waits, so that no error loses it. */
  private void queueAgain(List<ClusterTask<?>> again) {
    for (int i = again.size() - 1; i >= 0; i--) {
      var task = again.get(i);
      queue.addFirst(task);
      task.queuedAgain();
    }
  }

  private static boolean isWanted(ClusterTask<?> task) {
    return !task.isDone() && !task.isInterrupted();
  }

  /** Has a task that could not be sent tried once more, and fails it if that was in vain too. */
  private static void unsent(
      ClusterTask<?> task, Throwable why, List<ClusterTask<?>> again, List<Runnable> actions) {
    if (task.isApart()) {
      actions.add(() -> task.fail(ClusterFailures.notRun(task.name(), why)));
      task.over();
    } else {
      task.setApart();
      again.add(task);
    }
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
        if (blamed && isWanted(task)) {
          blamed(task, slot, why, again, actions);
        } else {
          if (isNobodyNamed) {
            task.setAlone();
          } else if (slot.isResultLost()) {
            task.resultLost();
          }
          withoutResult(task, slot, again, actions);
        }
      }
    }
    queueAgain(again);
    job.slots().forEach(jobs::end);
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
      again.add(task);
    } else if (loss) {
      failLost(task, slot, String.valueOf(why.getMessage()), actions);
    } else {
      actions.add(() -> task.fail(ClusterFailures.notRun(task.name(), why)));
      task.over();
    }
  }

  private void withoutResult(
      ClusterTask<?> task, Slot slot, List<ClusterTask<?>> again, List<Runnable> actions) {
    if (task.isDone()) {
      actions.add(task::workEnded);
      task.over();
    } else if (task.isInterrupted()) {
      actions.add(() -> task.fail(ClusterFailures.interrupted(task.name())));
      task.over();
    } else if (task.isUsedUp() || task.losses() >= maxFailures) {
      failLost(task, slot, "its executor was lost", actions);
    } else {
      again.add(task);
    }
  }

  /** Fails a task whose executor was lost, once the executor's output has been read. */
  private void failLost(ClusterTask<?> task, Slot slot, String why, List<Runnable> actions) {
    var executor = slot.executor();
    var told = slot.isResultLost() ? RESULT_LOST : slot.lastFailure();
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
    actions.add(() -> pool.failLater(task, () -> ClusterFailures.lost(loss)));
    task.over();
  }
}
