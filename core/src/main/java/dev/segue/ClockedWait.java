package dev.segue;

import java.util.concurrent.locks.LockSupport;

/**
 * A JDK wait that ends at a time of the loop's clock, if nothing ends it earlier. The thread is in
 * that wait while this is its task's; its state is as for any other, and so are interrupts.
 */
@LoopConfined
final class ClockedWait extends Timer implements Wait {
  private final CarrierTask<?> task;
  private final boolean monitor;

  /** Whether the task has left its loop to others meanwhile. */
  boolean left;

  /**
   * Begins a wait of the running task.
   *
   * @param deadline {@link Long#MAX_VALUE} for never
   * @param monitor whether it is one of {@code Object.wait}, and else one of {@code park}
   */
  ClockedWait(CarrierTask<?> task, long deadline, boolean monitor) {
    super(deadline);
    this.task = task;
    this.monitor = monitor;
  }

  @Override
  void fire() {
    if (monitor) {
      ObjectWaits.end(task.thread());
    } else {
      LockSupport.unpark(task.thread());
    }
  }

  /** Whether a monitor's wait is over, though its thread has yet to come back. */
  boolean isOver() {
    return monitor && !CarrierEngine.isInObjectWait(task.thread());
  }

  @Override
  public boolean abort() {
    return false; // the JDK's waits are interrupted
  }

  @Override
  public Kind kind() {
    return deadline == Long.MAX_VALUE ? Kind.JDK : Kind.SLEEP;
  }

  @Override
  public String describe() {
    return deadline == Long.MAX_VALUE ? "a JDK wait" : "a JDK wait with a time-out";
  }
}
