package dev.segue;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task on a virtual thread of the JDK's own, which runs only with its loop's baton. */
final class PortableTask<T extends @Nullable Object> extends Task<T> {
  private static final ThreadLocal<PortableTask<?>> RUNNING = new ThreadLocal<>();

  private final PortableEngine engine;
  private final Thread thread;

  private volatile boolean hasBaton;
  private boolean started; // read and written with the baton in hand

  PortableTask(PortableEngine engine, TaskSpec<T> spec) {
    super(spec);
    this.engine = engine;
    var builder = Thread.ofVirtual();
    var name = spec.name();
    this.thread = (name == null ? builder : builder.name(name)).unstarted(this::runWithBaton);
  }

  /** The task that the calling thread runs; null where it runs none. */
  static @Nullable Task<?> currentTask() {
    var running = RUNNING.get();
    // With its task in a wait, the thread does the loop's work: what that calls is in no task.
    return running == null || running.isInSegueWait() ? null : running;
  }

  @Override
  Thread thread() {
    return thread;
  }

  @Override
  void resume() {
    kernel().ready(this);
  }

  @Override
  void step() {
    engine.lend(this);
  }

  @Override
  void giveUpThread() {
    // The JDK's list of threads is out of reach here.
  }

  /**
   * Makes this task the one that runs. Called by the thread that has the baton.
   *
   * @return false if its thread cannot be started, which has ended it
   */
  boolean take() {
    hasBaton = true;
    if (started) {
      LockSupport.unpark(thread);
      return true;
    }
    started = true;
    try {
      thread.start();
      return true;
    } catch (Throwable thrown) { // no memory, say
      neverRuns(thrown);
      return false;
    }
  }

  @Override
  boolean unmount() {
    kernel().leftToWait(this);
    return passOn();
  }

  @Override
  boolean unmountForOneTurn() {
    kernel().ready(this);
    return passOn();
  }

  private boolean passOn() {
    if (!engine.passOn(this)) {
      awaitBaton();
    }
    return true;
  }

  private void awaitBaton() {
    boolean interrupted = false;
    boolean unparked = false;
    if (!hasBaton) {
      // Not the branch above again: the compiler may have seen that go one way only, and would then
      // leave a task that has waited to the interpreter (CompiledTasksTest).
      do {
        try {
          LockSupport.park(this);
        } catch (StackOverflowError overflow) {
          awaitBatonAtTheEdge(overflow);
        }
        interrupted |= Thread.interrupted(); // else park would return at once
        unparked |= !hasBaton;
      } while (!hasBaton);
    }
    hasBaton = false;
    if (interrupted) {
      thread.interrupt();
    }
    if (unparked) {
      LockSupport.unpark(thread); // somebody meant a wait of the task's own
    }
  }

  /**
   * Waits where the stack is so deep that the JDK cannot unmount it. The baton has been passed on,
   * so there is no way back before it returns: has the wait given up, and spins until then.
   */
  private void awaitBatonAtTheEdge(StackOverflowError overflow) {
    try {
      kernel().wake(new Overflowed(this, overflow));
    } catch (StackOverflowError _) {
      // Then it spins until the wait is over.
    }
    while (!hasBaton) {
      Thread.onSpinWait();
    }
  }

  private static final class Overflowed extends Inbox.Message {
    private final PortableTask<?> task;
    private final StackOverflowError overflow;

    Overflowed(PortableTask<?> task, StackOverflowError overflow) {
      this.task = task;
      this.overflow = overflow;
    }

    @Override
    void receive() {
      task.failWith(overflow);
    }
  }

  private void runWithBaton() {
    hasBaton = false;
    try {
      if (setRunning()) {
        runBody();
      }
    } finally {
      var _ = engine.passOn(this);
    }
  }

  private boolean setRunning() {
    try {
      RUNNING.set(this);
      return true;
    } catch (Throwable thrown) { // no memory for the thread's map
      neverRuns(thrown);
      return false;
    }
  }
}
