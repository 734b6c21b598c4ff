package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's time and waits, as a tool may replace them: in a task of a loop whose clock is not the
 * machine's, it is that clock which tells the time and ends the waits. Elsewhere, the JDK's own are
 * to be used.
 *
 * <p>The tool is the Java agent of the {@code dev.segue.testing} module, which has the JDK's
 * classes and the program's call this. The waits are the JDK's still: an interrupt ends them, a
 * cancel interrupts them, an unpark may come at any time. What is different is what ends them
 * otherwise, and that they do not hold the loop's clock. Only if other threads may end them, or if
 * a task is in a JDK wait of another kind, are those threads given a tenth of a second before time
 * passes.
 *
 * <p>The methods may be called from any thread. Tasks of the portable engine, which hold their loop
 * in a JDK wait, have the machine's time.
 */
@AnyThread
public final class TaskTime {
  private static final long A_CENTURY_MILLIS = 3_155_760_000_000L;

  /** How long a park may hold the loop, whose timer then cannot end it. */
  private static final long HELD_NANOS = 5_000_000_000L;

  private static volatile boolean used;

  private TaskTime() {}

  /**
   * Tells that a tool calls this. Has no effect on loops that there are already.
   *
   * @throws IllegalStateException if this JVM does not allow the carrier engine, or this
   */
  public static void use() {
    var _ = CarrierEngine.get();
    try {
      ObjectWaits.prepare();
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "JDK waits cannot be put under a loop's clock on Java " + Runtime.version(), e);
    }
    used = true;
  }

  static boolean isUsed() {
    return used;
  }

  private static @Nullable CarrierTask<?> task() {
    if (!used) {
      return null;
    }
    var task = CarrierEngine.taskOf(Thread.currentThread());
    return task != null && task.kernel().timesJdkWaits() ? task : null;
  }

  private static CarrierTask<?> requireTask() {
    var task = task();
    if (task == null) {
      throw new IllegalStateException("the calling thread goes by the machine's clock");
    }
    return task;
  }

  /**
   * Returns the clock that the calling thread goes by.
   *
   * @return its task's; null for the machine's
   */
  public static @Nullable LoopClock clock() {
    var task = task();
    return task == null ? null : task.kernel().clock();
  }

  /**
   * Parks the calling thread, which has a {@link #clock}, as {@link LockSupport#parkNanos(Object,
   * long)} does.
   *
   * @param blocker what it waits for
   * @param nanos for how long, at most; {@link Long#MAX_VALUE} for ever; returns at once if not
   *     positive
   * @throws IllegalStateException if it has none, or if it was to end at a time and has held the
   *     loop for five seconds, since its thread cannot be unmounted
   */
  @AnyThread(because = "a thread that has found its task is on the loop")
  public static void park(@Nullable Object blocker, long nanos) {
    var task = requireTask();
    if (nanos > 0) {
      var wait = begin(task, nanos, false);
      try {
        if (wait.deadline == Long.MAX_VALUE) {
          LockSupport.park(blocker);
        } else {
          parkForLoop(task, wait, blocker);
        }
      } finally {
        end(task, wait);
      }
    }
  }

  @AnyThread(because = "a thread that has found its task is on the loop")
  private static void parkForLoop(CarrierTask<?> task, ClockedWait wait, @Nullable Object blocker) {
    long began = System.nanoTime();
    LockSupport.parkNanos(blocker, HELD_NANOS); // a park may end for no reason
    if (!wait.left && System.nanoTime() - began >= HELD_NANOS) {
      throw task.pinned(wait.describe());
    }
  }

  /**
   * Waits on a monitor that the calling thread, which has a {@link #clock}, holds, as {@link
   * Object#wait(long)} does. The JVM wakes it up by a thread of its own.
   *
   * @param monitor the object
   * @param nanos for how long, at most; {@link Long#MAX_VALUE} for ever
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalMonitorStateException if it does not hold the monitor
   * @throws IllegalStateException if it has no clock
   */
  @AnyThread(because = "a thread that has found its task is on the loop")
  @SuppressWarnings("WaitNotInLoop") // it is the caller's wait
  public static void wait(Object monitor, long nanos) throws InterruptedException {
    Objects.requireNonNull(monitor, "monitor must not be null");
    var task = requireTask();
    var wait = begin(task, nanos, true);
    try {
      monitor.wait(A_CENTURY_MILLIS); // with a time-out, which the timer brings about
    } finally {
      end(task, wait);
    }
  }

  @AnyThread(because = "a thread that has found its task is on the loop")
  private static ClockedWait begin(CarrierTask<?> task, long nanos, boolean monitor) {
    var kernel = task.kernel();
    var wait = new ClockedWait(task, Deadlines.deadline(kernel.clock().nanoTime(), nanos), monitor);
    kernel.timers().add(wait);
    task.setClockedWait(wait);
    return wait;
  }

  @AnyThread(because = "a thread that has found its task is on the loop")
  private static void end(CarrierTask<?> task, ClockedWait wait) {
    task.setClockedWait(null);
    task.kernel().timers().remove(wait);
    if (wait.left && wait.kind() != Waiting.Kind.JDK) {
      task.kernel().returned(task);
    }
  }

  /**
   * Tells that the calling thread makes another one go on. If it is a task's, and the other is not
   * of the same loop, that one may from now on end waits of tasks.
   *
   * @param other the other thread; null if it has yet to start
   */
  @AnyThread(because = "a thread that has found its task is on the loop")
  public static void wakes(@Nullable Thread other) {
    var task = task();
    if (task != null) {
      var woken = other == null ? null : CarrierEngine.taskOf(other);
      if (woken == null || woken.kernel() != task.kernel()) {
        task.kernel().othersAct();
      }
    }
  }
}
