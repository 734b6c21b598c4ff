package dev.segue.process;

import dev.segue.futures.PoolInstrument;
import dev.segue.futures.internal.TaskQueue;
import dev.segue.process.ProcessPoolExecutor.WorkerInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the waiting tasks of a pool to its workers, and starts workers when there are too few.
 * Guarded by the pool's lock.
 */
final class Dispatcher {
  /** After so many failed starts in a row the waiting tasks fail. */
  private static final int MOST_FAILED_STARTS = 3;

  /**
   * The same for starts that something outside of the pool killed: those may well succeed later.
   */
  private static final int MOST_KILLED_STARTS = 21;

  private final Settings settings;
  private final PoolInstrument instrument;
  private final TaskQueue<PoolTask<?>> queue;
  private final Starter starter;

  /** Replaced and not changed, because it is looked at more often than once for each task. */
  private List<WorkerProcess> all = List.of();

  private long started;
  private int failedStarts;
  private int killedStarts;
  private @Nullable WorkerProcess lastFailed;

  /** Starts a worker in the background, given its number, counted from 1, and the time. */
  interface Starter {
    WorkerProcess start(long number, long now);
  }

  Dispatcher(
      Settings settings, PoolInstrument instrument, TaskQueue<PoolTask<?>> queue, Starter starter) {
    this.settings = settings;
    this.instrument = instrument;
    this.queue = queue;
    this.starter = starter;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Returns the workers of this moment; they may be removed meanwhile. */
  List<WorkerProcess> all() {
    return all;
  }

  /** Gives waiting tasks to workers with room, and starts workers for the rest. */
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
    instrument.given(task.number(), worker.name(), worker.pid());
    if (worker.tasksGiven() >= settings.maxTasksPerWorker()) {
      worker.retire();
    }
  }

  /**
   * Returns the worker with the fewest tasks; of idle ones the last busy, whose caches are warm.
   */
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
        case STOPPING -> failing += worker.startFailure() == null ? 0 : 1;
      }
    }
    if (mustGiveUp(failing)) {
      return;
    }
    while (counted < settings.maxWorkers() && starting < demand) {
      startOne(now);
      starting++;
      counted++;
    }
  }

  void startOne(long now) {
    var more = new ArrayList<>(all);
    more.add(starter.start(++started, now));
    all = List.copyOf(more);
  }

  boolean hasStartedAny() {
    return started > 0;
  }

  /** Gives each idle worker a task that was sent to another worker, which has not started it. */
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
   * Takes back all tasks that a worker has not started; they wait again, ahead of all others.
   *
   * @param spared the task to leave where it is; null for none
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
    instrument.workerEnded(worker.name());
    var others = new ArrayList<>(all);
    others.remove(worker);
    all = List.copyOf(others);
  }

  /** Counts failed starts from 0 again. */
  void forgetFailedStarts() {
    failedStarts = 0;
    killedStarts = 0;
    lastFailed = null;
  }

  /**
   * Counts a failed start.
   *
   * @param killed whether something outside of the pool killed the worker
   */
  void startFailed(WorkerProcess worker, boolean killed) {
    if (killed) {
      killedStarts++;
    } else {
      failedStarts++;
    }
    lastFailed = worker;
  }

  /**
   * Gives up on starting workers if too many starts have failed and no worker is left that may
   * serve the waiting tasks, which must fail then. Asked whenever a worker may have ended, since
   * the last one to go need not be one that failed.
   *
   * @return the worker that failed last; null if there is hope
   */
  @Nullable WorkerProcess giveUp() {
    if (!mustGiveUp(failedStarts)) {
      return null;
    }
    for (var worker : all) {
      if (worker.state() != WorkerProcess.State.STOPPING) {
        return null;
      }
    }
    var last = lastFailed;
    forgetFailedStarts();
    return last;
  }

  private boolean mustGiveUp(int failed) {
    return failed >= MOST_FAILED_STARTS || killedStarts >= MOST_KILLED_STARTS;
  }

  /** Whether a worker has a task, is starting or is ending. */
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
