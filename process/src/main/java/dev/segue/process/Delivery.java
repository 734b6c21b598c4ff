package dev.segue.process;

/** A task that was sent to a worker, until the worker has replied. Guarded by the pool's lock. */
final class Delivery {
  static final long NEVER = Long.MAX_VALUE;

  private final WorkerProcess worker;
  private final PoolTask<?> task;
  private final long number;
  private final long sentAt;

  private boolean revoked;
  private boolean timedOut;
  private long interruptedAt = NEVER;

  Delivery(WorkerProcess worker, PoolTask<?> task, long number, long sentAt) {
    this.worker = worker;
    this.task = task;
    this.number = number;
    this.sentAt = sentAt;
  }

  WorkerProcess worker() {
    return worker;
  }

  PoolTask<?> task() {
    return task;
  }

  /** The number of the task at this worker, counted from 0. */
  long number() {
    return number;
  }

  long sentAt() {
    return sentAt;
  }

  /** Takes the task back, unless the worker has started it. */
  boolean revoke() {
    if (!revoked && worker.claims().revoke(number)) {
      revoked = true;
    }
    return revoked;
  }

  /** Whether the task was taken back; the worker has yet to confirm that it skipped it. */
  boolean isRevoked() {
    return revoked;
  }

  boolean isClaimed() {
    return worker.claims().isClaimed(number);
  }

  /** Whether the task ran longer than it may. Only the coordinator changes this. */
  boolean isTimedOut() {
    return timedOut;
  }

  void timedOut() {
    timedOut = true;
  }

  /** Asks the task to stop. */
  void interrupt(long now) {
    if (interruptedAt == NEVER) {
      interruptedAt = now;
      worker.sendInterrupt(number);
    }
  }

  boolean isInterrupted() {
    return interruptedAt != NEVER;
  }

  long interruptedAt() {
    return interruptedAt;
  }
}
