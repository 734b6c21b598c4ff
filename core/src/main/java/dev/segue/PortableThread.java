package dev.segue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task's virtual thread, which runs only with its loop's baton. */
final class PortableThread implements TaskThread, Runnable {
  private static final ThreadLocal<PortableThread> RUNNING = new ThreadLocal<>();

  private static final int RESERVED_FRAMES = 60;

  private final PortableEngine engine;
  private final Task<?> task;
  private final Thread thread;

  private volatile boolean hasBaton;
  private boolean started; // read and written with the baton in hand

  PortableThread(PortableEngine engine, Task<?> task) {
    this.engine = engine;
    this.task = task;
    var builder = Thread.ofVirtual();
    this.thread =
        (task.givenName() == null ? builder : builder.name(task.givenName())).unstarted(this);
  }

  /** The task that the calling thread runs; null where it runs none. */
  static @Nullable Task<?> currentTask() {
    var running = RUNNING.get();
    // With its task in a wait, the thread does the loop's work: what that calls is in no task.
    return running == null || running.task.isInSegueWait() ? null : running.task;
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
    task.kernel().ready(task);
  }

  @Override
  public void resume() {
    task.kernel().ready(task);
  }

  @Override
  public void step() {
    engine.lend(this);
  }

  /** Makes this thread the one that runs. Called by who has the baton. */
  void take() {
    hasBaton = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  @Override
  public boolean suspend() {
    var _ = reserveStack(RESERVED_FRAMES, 0, 0, 0, 0);
    return passOn();
  }

  @Override
  public boolean yieldOnce() {
    var _ = reserveStack(RESERVED_FRAMES, 0, 0, 0, 0);
    task.kernel().ready(task);
    return passOn();
  }

  private boolean passOn() {
    if (!engine.passOn(this)) {
      awaitBaton();
    }
    return true;
  }

  /**
   * Overflows the stack here, where nothing is torn by it, rather than in the middle of the loop's
   * work, which this thread does next. Its frames are as large as those of that.
   */
  private static long reserveStack(int frames, long a, long b, long c, long d) {
    return frames == 0 ? a + b + c + d : reserveStack(frames - 1, b, c, d, a) + a;
  }

  private void awaitBaton() {
    boolean interrupted = false;
    boolean unparked = false;
    while (!hasBaton) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // else park would return at once
      unparked |= !hasBaton;
    }
    hasBaton = false;
    if (interrupted) {
      thread.interrupt();
    }
    if (unparked) {
      LockSupport.unpark(thread); // somebody meant a wait of the task's own
    }
  }

  /** Runs the task's body, on the task's thread. */
  @Override
  public void run() {
    hasBaton = false;
    RUNNING.set(this);
    try {
      task.runBody();
    } finally {
      var _ = engine.passOn(this);
    }
  }
}
