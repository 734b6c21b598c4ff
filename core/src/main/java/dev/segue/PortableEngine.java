package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as plain virtual threads of one loop that pass a baton: who has it runs, the others are
 * parked. It goes straight from task to task; the loop's own thread gets it back when no task is
 * ready.
 *
 * <p>A task keeps the baton while it is in a JDK wait, and the watchdog's {@link EarlyInterrupt} is
 * what its cancels and time-outs reach it by.
 */
final class PortableEngine implements TaskEngine {
  /** Short, since every JDK wait holds the loop here. */
  private static final long PATIENCE_NANOS = 10_000_000;

  private static volatile boolean hasEndedAThread; // a few more do no harm

  private @Nullable Thread loopThread; // set before the first hand-over, by the loop's own thread
  private volatile boolean isBack;
  private @Nullable Throwable fault; // written and read with the baton in hand

  @Override
  public EventLoop.Engine kind() {
    return EventLoop.Engine.PORTABLE;
  }

  @Override
  public <T extends @Nullable Object> Task<T> newTask(TaskSpec<T> spec) {
    return new PortableTask<>(this, spec);
  }

  /** With the loop's own work, which the task does that goes into a wait. */
  @Override
  public int kilobytesOfAnOperation() {
    return 6;
  }

  @Override
  public long patienceNanos() {
    return PATIENCE_NANOS;
  }

  @Override
  public Stall.Cause causeOfWait() {
    return Stall.Cause.JDK_WAIT;
  }

  @Override
  public void begin(Kernel loop) {
    if (!hasEndedAThread) {
      Thread.startVirtualThread(() -> {}); // as CarrierEngine does
      hasEndedAThread = true;
    }
  }

  /** The loop's own thread: gives the baton to a task and waits until it is back. */
  void lend(PortableTask<?> to) {
    loopThread = Thread.currentThread();
    isBack = false;
    if (!to.take()) {
      isBack = true;
    }
    while (!isBack) {
      LockSupport.park(this);
      // An interrupt means nothing to the loop's own thread, and would make it spin.
      var _ = Thread.interrupted();
    }
    var thrown = fault;
    if (thrown != null) {
      fault = null;
      throw Failures.<RuntimeException>rethrow(thrown);
    }
  }

  /**
   * A task that has the baton and is about to wait or end: gives it to whose turn it is.
   *
   * @return whether it is the calling task's own turn, which then keeps it
   */
  boolean passOn(PortableTask<?> from) {
    while (true) {
      Task<?> next = null;
      try {
        next = from.kernel().nextStep();
      } catch (Throwable thrown) {
        fault = thrown; // of the loop, not of this task: the loop's own thread sees to it
      }
      if (next == null) {
        isBack = true;
        LockSupport.unpark(loopThread);
        return false;
      }
      if (next == from) {
        return true;
      }
      if (((PortableTask<?>) next).take()) {
        return false;
      }
    }
  }
}
