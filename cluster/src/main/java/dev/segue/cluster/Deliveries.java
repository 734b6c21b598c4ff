package dev.segue.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs what may block: the decoding of results, and what depends on the ends of futures, which is
 * the program's own code. Each has a virtual thread of its own. Where one cannot be started, its
 * work waits for the next try. Safe for use by several threads.
 */
final class Deliveries implements Executor {
  private final String poolName;
  private final Runnable whenEmpty;
  private final Consumer<Runnable> keep = this::keep;

  @GuardedBy("this")
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private int running;

  /**
   * Makes one.
   *
   * @param whenEmpty called when nothing runs any more
   */
  Deliveries(String poolName, Runnable whenEmpty) {
    this.poolName = poolName;
    this.whenEmpty = whenEmpty;
  }

  @Override
  public void execute(Runnable work) {
    if (!start(work)) {
      WithMemory.run(keep, work);
    }
  }

  private synchronized void keep(Runnable work) {
    waiting.add(work);
  }

  /** Starts what could not be started before. Returns whether anything still waits. */
  boolean look() {
    for (var work = poll(); work != null; work = poll()) {
      if (!start(work)) {
        synchronized (this) {
          waiting.addFirst(work);
        }
        return true;
      }
    }
    return false;
  }

  private synchronized @Nullable Runnable poll() {
    return waiting.poll();
  }

  /** Whether all has ended. */
  synchronized boolean isEmpty() {
    return running == 0 && waiting.isEmpty();
  }

  private boolean start(Runnable work) {
    synchronized (this) {
      running++;
    }
    try {
      Thread.ofVirtual()
          .inheritInheritableThreadLocals(false)
          .name(poolName + "-delivery")
          .start(() -> run(work));
      return true;
    } catch (Throwable t) { // for want of memory, or of threads
      ended();
      return false;
    }
  }

  private void run(Runnable work) {
    try {
      work.run();
    } catch (Throwable t) {
      Log.error("what follows the end of a task threw", t);
    } finally {
      ended();
    }
  }

  private void ended() {
    boolean empty;
    synchronized (this) {
      running--;
      empty = running == 0;
    }
    if (empty) {
      whenEmpty.run();
    }
  }
}
