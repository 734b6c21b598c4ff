package dev.segue.process;

import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool and the tasks that wait for them: who gets which, and when one more is
 * started. Guarded by the pool's lock.
 */
final class Workers {
  /** The tasks that wait are given up after three failed starts in a row. */
  private static final int GIVE_UP_AT = 21;

  private static final int FAILED_START = 7;

  /** A start that somebody killed says little of the next one. */
  private static final int KILLED_START = 1;

  private final Settings settings;
  private final TaskQueue queue;
  private final Function<Long, WorkerProcess> starter;
  private final List<WorkerProcess> all = new ArrayList<>();
  private int failedStarts;

  /**
   * Makes an empty crew.
   *
   * @param starter begins to start a worker, given the time
   */
  Workers(Settings settings, TaskQueue queue, Function<Long, WorkerProcess> starter) {
    this.settings = settings;
    this.queue = queue;
    this.starter = starter;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** A copy, so that workers may go meanwhile. */
  List<WorkerProcess> all() {
    return List.copyOf(all);
  }

  /** Gives workers what waits, as far as they take it, and starts those that are missing. */
  void dispatch(long now) {
    while (!queue.isEmpty()) {
      var worker = leastLoaded();
      if (worker == null) {
        break;
      }
      give(worker, queue.removeFirst(), now);
    }
    startMissing(now);
  }

  private void give(WorkerProcess worker, PoolTask<?> task, long now) {
    worker.give(task, now);
    if (worker.tasksGiven() >= settings.maxTasksPerWorker()) {
      worker.retire();
    }
  }

  /** Of those with nothing to do, the one that was busy last: its caches are warm. */
  private @Nullable WorkerProcess leastLoaded() {
    WorkerProcess best = null;
    for (var worker : all) {
      if (worker.hasRoom()
          && (best == null
              || worker.load() < best.load()
              || (worker.load() == best.load() && worker.idleSince() - best.idleSince() > 0))) {
        best = worker;
      }
    }
    return best;
  }

  private void startMissing(long now) {
    int failing = failedStarts;
    int starting = 0;
    int counted = 0;
    int demand = queue.size();
    for (var worker : all) {
      switch (worker.state()) {
        case STARTING -> {
          starting++;
          counted++;
        }
        case READY -> {
          counted++;
          demand += worker.load() - 1; // one runs; an idle worker takes one of the others
        }
        case RETIRING -> demand += worker.load(); // one runs, and one is wanted in its place
        case STOPPING -> failing += worker.startFailure() == null ? 0 : FAILED_START;
      }
    }
    while (failing < GIVE_UP_AT && counted < settings.maxWorkers() && starting < demand) {
      startOne(now);
      starting++;
      counted++;
    }
  }

  void startOne(long now) {
    all.add(starter.apply(now));
  }

  /** Has each idle worker take over a task that was sent to another and has not begun since. */
  void steal(long now, long youngest) {
    if (!queue.isEmpty()) {
      return;
    }
    for (var idle : all) {
      if (idle.isIdle()) {
        var task = takeBackOne(now - youngest);
        if (task == null) {
          return;
        }
        give(idle, task, now);
      }
    }
  }

  private @Nullable PoolTask<?> takeBackOne(long sentBefore) {
    Delivery oldest = null;
    for (var worker : all) {
      for (var delivery : worker.deliveries()) {
        if (!delivery.isRevoked()
            && (oldest == null || delivery.sentAt() - oldest.sentAt() < 0)
            && !delivery.isClaimed()) {
          oldest = delivery;
          break; // the worker's others are younger
        }
      }
    }
    if (oldest == null || oldest.sentAt() - sentBefore > 0 || !oldest.worker().takeBack(oldest)) {
      return null;
    }
    oldest.task().queuedAgain();
    return oldest.task();
  }

  /**
   * Takes back all tasks that a worker has not begun; they wait again, before all others.
   *
   * @param spared the one for whose sake it is done, left where it is; null for none
   * @return whether the worker has none left but that
   */
  boolean takeBackAll(WorkerProcess worker, @Nullable Delivery spared) {
    var taken = new ArrayList<PoolTask<?>>();
    boolean all = true;
    for (var delivery : worker.deliveries()) {
      if (delivery == spared || delivery.isRevoked()) {
        continue;
      }
      if (worker.takeBack(delivery)) {
        taken.add(delivery.task());
      } else if (spared == null || delivery.number() > spared.number()) {
        all = false;
      }
    }
    for (var task : taken.reversed()) {
      task.queuedAgain();
      queue.addFirst(task);
    }
    return all;
  }

  void remove(WorkerProcess worker) {
    all.remove(worker);
  }

  void startSucceeded() {
    failedStarts = 0;
  }

  /** Counts a failed start; returns whether the tasks that wait must be given up. */
  boolean startFailed(boolean killed) {
    failedStarts += killed ? KILLED_START : FAILED_START;
    if (failedStarts < GIVE_UP_AT) {
      return false;
    }
    for (var worker : all) {
      if (worker.state() != WorkerProcess.State.STOPPING) {
        return false; // it may still serve them
      }
    }
    failedStarts = 0;
    return true;
  }

  /** Whether a worker has a task, or is on its way to or from being ready. */
  boolean isAnyBusy() {
    for (var worker : all) {
      if (worker.state() != WorkerProcess.State.READY || worker.load() > 0) {
        return true;
      }
    }
    return false;
  }

  List<WorkerInfo> infos() {
    var infos = new ArrayList<WorkerInfo>();
    for (var worker : all) {
      infos.add(worker.info());
    }
    return infos;
  }
}
