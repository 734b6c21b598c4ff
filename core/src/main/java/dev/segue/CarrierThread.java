package dev.segue;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A task's virtual thread, and that thread's scheduler: one object per task, so that the JDK's
 * "this thread can run" arrives where the task is known, without a map.
 *
 * <p>A Segue wait is a {@link Thread#yield} whose way back into the loop's queue is held until
 * {@link #resume}. Against parking, this costs less, is deaf to interrupts and stray unparks, and
 * returns at once where the thread is pinned, which parking would answer by stopping the loop.
 */
final class CarrierThread implements TaskThread, Executor, Runnable {
  private final Task<?> task;
  private final Thread thread;

  // Set by the JDK's first call, from start(); constant afterwards.
  private @Nullable Runnable continuation;

  // Confined to the loop.
  private boolean held;
  private boolean unmounted;

  CarrierThread(Task<?> task) {
    this.task = task;
    this.thread = CarrierEngine.newVirtualThread(this, task.givenName(), this);
  }

  Task<?> task() {
    return task;
  }

  @Override
  public Thread thread() {
    return thread;
  }

  @Override
  public void start() {
    thread.start();
  }

  /**
   * Takes a virtual thread that can run: called by the JDK, from any thread, sometimes while that
   * thread is pinned, possibly after the loop has ended, and for a thread dump also for one that is
   * queued already. It must neither block nor throw.
   */
  @Override
  public void execute(Runnable runnable) {
    if (continuation == null) {
      continuation = runnable;
    } else if (runnable != continuation) {
      // A virtual thread that a library started inside this task: it has inherited us.
      CarrierEngine.executeForeign(runnable);
      return;
    }
    var kernel = task.kernel();
    if (kernel.isOnLoop()) {
      unmounted = true;
      if (!held) {
        kernel.ready(task);
      }
    } else {
      kernel.wake(new Woken(this));
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours
  public boolean suspend() {
    held = true;
    unmounted = false;
    try {
      Thread.yield();
    } finally {
      held = false;
    }
    task.kernel().countReturn();
    return unmounted;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours
  public boolean yieldOnce() {
    unmounted = false;
    Thread.yield();
    task.kernel().countReturn();
    return unmounted;
  }

  @Override
  public void resume() {
    task.kernel().ready(task);
  }

  @Override
  public void step() {
    var kernel = task.kernel();
    boolean fromWait = task.isResumed();
    long before = kernel.returns();
    if (continuation != null) {
      continuation.run();
    }
    if (fromWait && kernel.returns() == before) {
      // A thread dump had the thread suspended just now, and it did not run.
      kernel.ready(task);
    }
  }

  /** Runs the task's body, on the task's thread. */
  @Override
  public void run() {
    task.runBody();
  }

  /** A foreign thread has made a task's thread runnable. */
  private static final class Woken extends Arrivals.Arrival {
    private final CarrierThread woken;

    Woken(CarrierThread woken) {
      this.woken = woken;
    }

    @Override
    void arrive() {
      // Held: it is a thread dump that calls, and resume() will come or has come.
      if (!woken.held) {
        woken.task.kernel().ready(woken.task);
      }
    }
  }
}
