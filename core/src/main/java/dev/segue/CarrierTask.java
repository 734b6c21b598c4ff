package dev.segue;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A task that is the scheduler of its own virtual thread, so that the JDK's "this thread can run"
 * arrives where the task is known, without a map.
 *
 * <p>A Segue wait is a {@link Thread#yield} whose way back into the loop's queue is held until
 * {@link #resume}. Against parking, this costs less, is deaf to interrupts and stray unparks, and
 * returns at once where the thread is pinned, which parking would answer by stopping the loop.
 */
final class CarrierTask<T extends @Nullable Object> extends Task<T> implements Executor, Runnable {
  private final Thread thread;

  // Set by the JDK's first call, from the first step; constant afterwards.
  private @Nullable Runnable continuation;

  @LoopConfined private boolean held;
  @LoopConfined private boolean unmounted;
  @LoopConfined private boolean queued;

  CarrierTask(TaskSpec<T> spec) {
    super(spec);
    this.thread = CarrierEngine.newVirtualThread(this, spec.name(), this);
  }

  @Override
  Thread thread() {
    return thread;
  }

  /**
   * Takes a virtual thread that can run: called by the JDK, from any thread, sometimes while that
   * thread is pinned, possibly after the loop has ended, and for a thread dump also for one that is
   * queued already. It must neither block nor throw.
   */
  @Override
  public void execute(Runnable runnable) {
    if (continuation == null) {
      continuation = runnable; // the step goes on with it
    } else if (runnable != continuation) {
      // A virtual thread that a library started inside this task: it has inherited us.
      CarrierEngine.executeForeign(runnable);
    } else if (kernel().isOnLoop()) {
      unmounted = true;
      enqueue();
    } else {
      kernel().wake(new Woken(this));
    }
  }

  /** Makes this ready, unless it is so already, or held: then it is a thread dump that calls. */
  private void enqueue() {
    if (!held && !queued) {
      resume();
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours
  boolean unmount() {
    held = true;
    unmounted = false;
    try {
      Thread.yield();
    } finally {
      held = false;
    }
    kernel().countReturn();
    return unmounted;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the scheduler is ours
  boolean unmountForOneTurn() {
    unmounted = false;
    Thread.yield();
    kernel().countReturn();
    return unmounted;
  }

  @Override
  void resume() {
    queued = true;
    kernel().ready(this);
  }

  @Override
  void giveUpThread() {
    if (continuation != null) {
      CarrierEngine.giveUp(thread);
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // the thread that dumps has to go on
  void step() {
    boolean fromWait = isResumed();
    long before = kernel().returns();
    queued = false;
    if (continuation == null && !start()) {
      return;
    }
    var stepped = Objects.requireNonNull(continuation);
    stepped.run();
    while (fromWait && isResumed() && kernel().returns() == before) {
      // A thread dump has the thread suspended just now, so it did not run. It keeps its turn.
      Thread.yield();
      stepped.run();
    }
    kernel().leftToWait(this);
  }

  /** Now, and not earlier: the JDK keeps a list of the threads that it has started. */
  private boolean start() {
    try {
      thread.start();
      return true;
    } catch (Throwable thrown) { // no memory, say: such a thread cannot be started again
      neverRuns(thrown);
      return false;
    }
  }

  /** Runs the body, on the task's thread. */
  @Override
  public void run() {
    runBody();
  }

  /** A foreign thread has made a task's thread runnable. */
  private static final class Woken extends Inbox.Message {
    private final CarrierTask<?> woken;

    Woken(CarrierTask<?> woken) {
      this.woken = woken;
    }

    @Override
    void receive() {
      if (!CarrierEngine.cannotRun(woken.thread)) { // else a thread dump called, and it has run
        woken.kernel().othersAct();
        woken.enqueue();
      }
    }
  }
}
