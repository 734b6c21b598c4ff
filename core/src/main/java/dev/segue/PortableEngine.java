package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as plain virtual threads of one loop that pass a baton: who has it runs, the others are
 * parked. It goes straight from task to task; the loop's own thread gets it back when no task is
 * ready.
 *
 * <p>What a task waits for by means of the JDK it waits for with the baton in its hand. So that
 * time-outs and cancels reach it all the same, the loop's own thread looks again and again at who
 * has the baton.
 */
final class PortableEngine implements TaskEngine {
  /** How long a task may have the baton before its time-outs are looked at, and how often. */
  private static final long LOOK_NANOS = 10_000_000;

  private @Nullable Thread loopThread; // set before the first hand-over, by the loop's own thread
  private volatile boolean isBack;
  private @Nullable Throwable fault; // written and read with the baton in hand

  @Override
  public EventLoop.Engine kind() {
    return EventLoop.Engine.PORTABLE;
  }

  @Override
  public <T extends @Nullable Object> Task<T> newTask(
      Kernel kernel,
      long id,
      @Nullable String name,
      @Nullable Throwable creation,
      Callable<T> body,
      boolean startsRegardless) {
    return new PortableTask<>(this, kernel, id, name, creation, body, startsRegardless);
  }

  @Override
  public void begin(Kernel loop) {
    Thread.startVirtualThread(() -> {}); // as CarrierEngine does
  }

  /** The loop's own thread: gives the baton to a task and waits until it is back. */
  void lend(PortableTask<?> to) {
    var kernel = to.kernel();
    loopThread = Thread.currentThread();
    isBack = false;
    to.take();
    long seen = kernel.steps();
    while (!isBack) {
      LockSupport.parkNanos(this, LOOK_NANOS);
      // An interrupt means nothing to the loop's own thread, and would make it spin.
      var _ = Thread.interrupted();
      long steps = kernel.steps();
      var holder = kernel.currentTask();
      if (steps == seen && holder != null && !isBack) {
        holder.interruptAhead();
      }
      seen = steps;
    }
    if (fault != null) {
      throw Failures.<RuntimeException>rethrow(fault);
    }
  }

  /**
   * A task that has the baton and is about to wait or end: gives it to whose turn it is.
   *
   * @return whether it is the calling task's own turn, which then keeps it
   */
  boolean passOn(PortableTask<?> from) {
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
    ((PortableTask<?>) next).take();
    return false;
  }
}
