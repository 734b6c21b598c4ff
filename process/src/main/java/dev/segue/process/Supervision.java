package dev.segue.process;

import dev.segue.futures.internal.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a pool does because time has passed. While there is work, the coordinator calls
 * it every few milliseconds, so that nothing needs a timer of its own. Guarded by the pool's lock.
 */
final class Supervision {
  /** A task that a busy worker has not started after this time may be given to an idle one. */
  static final long STEAL_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How often it is called while there is work. */
  static final long TICK_MILLIS = 10;

  /** A worker that has nothing else to do and does not start a task for this time has stopped. */
  private static final long UNRESPONSIVE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /**
   * How long to wait for the end of a dead worker's output, which one of its children may keep
   * open.
   */
  private static final long OUTPUT_PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long a worker that has closed its connection, or was asked to exit, has to do so. */
  private static final long EXIT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);

  private final TaskQueue<PoolTask<?>> queue;
  private final Dispatcher dispatcher;
  private final @Nullable Duration taskTimeout;
  private final long grace;
  private final long startTimeout;
  private final long idleTimeout;
  private long lastTick;
  private long lastBusy;
  private boolean asleep;

  Supervision(Settings settings, TaskQueue<PoolTask<?>> queue, Dispatcher dispatcher) {
    this.queue = queue;
    this.dispatcher = dispatcher;
    this.taskTimeout = settings.taskTimeout();
    this.grace = Durations.nanos(settings.cancelGrace());
    this.startTimeout = Durations.nanos(settings.startTimeout());
    this.idleTimeout = Durations.nanos(settings.idleTimeout());
    this.lastTick = System.nanoTime() - TICK_NANOS;
    this.lastBusy = lastTick;
  }

  /** Whether the coordinator waits for something to happen. */
  boolean isAsleep() {
    return asleep;
  }

  /** Notes that the coordinator is awake again. */
  void wakeUp() {
    asleep = false;
    lastBusy = System.nanoTime();
  }

  /** Returns the workers that have ended and from which nothing more will arrive. */
  List<WorkerProcess> endedWorkers(long now) {
    var ended = new ArrayList<WorkerProcess>();
    for (var worker : dispatcher.all()) {
      if (worker.hasEnded(now, OUTPUT_PATIENCE_NANOS)) {
        ended.add(worker);
      }
    }
    return ended;
  }

  /**
   * Enforces time limits, dispatches and steals tasks.
   *
   * @return for how many milliseconds the coordinator may listen; 0 for no limit
   */
  long look(long now, boolean shutdown) {
    var all = dispatcher.all();
    for (var worker : all) {
      worker.flush();
    }
    if (now - lastTick >= TICK_NANOS || shutdown) {
      lastTick = now;
      for (var worker : all) {
        lookAt(worker, now, shutdown);
      }
      dispatcher.dispatch(now);
      dispatcher.steal(now, STEAL_AFTER_NANOS);
    }
    return pause(now, shutdown);
  }

  private long pause(long now, boolean shutdown) {
    if (shutdown || !queue.isEmpty() || dispatcher.isAnyBusy()) {
      lastBusy = now;
    }
    // A little longer than needed, so that it is awake when tasks come one after the other.
    asleep = now - lastBusy > 5 * TICK_NANOS;
    if (!asleep) {
      return TICK_MILLIS;
    }
    return idleTimeout == Durations.NEVER || dispatcher.isEmpty()
        ? 0
        : Math.clamp(TimeUnit.NANOSECONDS.toMillis(idleTimeout) / 10, TICK_MILLIS, 1000);
  }

  private void lookAt(WorkerProcess worker, long now, boolean shutdown) {
    if (worker.hasExited()) {
      return;
    }
    switch (worker.state()) {
      case STARTING -> lookAtStarting(worker, now, shutdown);
      case READY, RETIRING -> lookAtWorking(worker, now, shutdown);
      case STOPPING -> {
        if (now - worker.stopBy() >= 0) {
          worker.kill("it did not exit when asked to");
        }
      }
    }
    if (worker.isDisconnected() && worker.state() != WorkerProcess.State.STOPPING) {
      worker.stop(now + EXIT_PATIENCE_NANOS);
    }
  }

  private void lookAtStarting(WorkerProcess worker, long now, boolean shutdown) {
    if (now - worker.startedAt() >= startTimeout) {
      worker.startFailed("it was not ready after " + Durations.text(startTimeout));
      worker.kill("it was not ready in time");
    } else if (shutdown && queue.isEmpty()) {
      worker.kill("it is no longer needed");
    }
  }

  private void lookAtWorking(WorkerProcess worker, long now, boolean shutdown) {
    var running = worker.running();
    if (running != null) {
      lookAtRunning(worker, running, now);
    } else if (worker.load() > 0) {
      lookAtOffered(worker, now);
    } else if (worker.state() == WorkerProcess.State.RETIRING
        || (shutdown && queue.isEmpty())
        || (idleTimeout != Durations.NEVER && now - worker.idleSince() >= idleTimeout)) {
      worker.stop(now + EXIT_PATIENCE_NANOS);
    }
  }

  private void lookAtRunning(WorkerProcess worker, Delivery running, long now) {
    var limit = running.task().timeout() != null ? running.task().timeout() : taskTimeout;
    if (limit != null
        && !running.isTimedOut()
        && now - worker.claims().claimedAt(running.number()) >= Durations.nanos(limit)) {
      running.timedOut();
      running.interrupt(now);
    }
    if (running.isInterrupted()
        && now - running.interruptedAt() >= grace
        && dispatcher.takeBackAll(worker, running)) {
      worker.kill("its task did not end when interrupted");
    }
  }

  private void lookAtOffered(WorkerProcess worker, long now) {
    for (var delivery : worker.deliveries()) {
      if (!delivery.isRevoked()) {
        if (now - delivery.sentAt() >= UNRESPONSIVE_NANOS
            && now - worker.movedAt() >= UNRESPONSIVE_NANOS
            && dispatcher.takeBackAll(worker, null)) {
          Log.warn("killing " + worker.name() + " (pid " + worker.pid() + "): it takes no tasks");
          worker.kill("it did not take tasks");
        }
        return;
      }
    }
  }
}
