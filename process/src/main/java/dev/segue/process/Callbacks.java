package dev.segue.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs what depends on the ends of a pool's futures. It is the program's own code, which may block
 * or submit to a full queue, so it has threads of its own: one, as long as callbacks end soon, and
 * one more whenever they have stood still for a while. Safe for use by several threads.
 */
final class Callbacks implements Executor {
  /** Enough that many may block. */
  private static final int MOST_THREADS = 64;

  /** If callbacks wait and none begins for this time, those that run block. */
  private static final long STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long a thread waits for another callback. */
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String poolName;
  private final ServiceThreads services;

  @GuardedBy("this")
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private int threads;

  @GuardedBy("this")
  private int idle;

  /** How many threads there have been. */
  @GuardedBy("this")
  private int started;

  /** How many callbacks have begun. */
  @GuardedBy("this")
  private long begun;

  /** How many that were at the last look. */
  @GuardedBy("this")
  private long begunBefore;

  @GuardedBy("this")
  private long lookedAt;

  Callbacks(String poolName, ServiceThreads services) {
    this.poolName = poolName;
    this.services = services;
  }

  /** Runs a callback soon, on another thread. */
  @Override
  public synchronized void execute(Runnable callback) {
    waiting.add(callback);
    if (idle > 0) {
      notify();
    } else if (threads == 0) {
      startThread();
    }
  }

  /**
   * Starts another thread if callbacks wait and none has begun for a while. To be called every few
   * milliseconds while any wait.
   *
   * @return whether any wait
   */
  synchronized boolean look(long now) {
    if (waiting.isEmpty()) {
      lookedAt = now;
      begunBefore = begun;
      return false;
    }
    if (now - lookedAt >= STILL_NANOS) {
      if (idle == 0 && begun == begunBefore && threads < MOST_THREADS) {
        startThread();
      }
      lookedAt = now;
      begunBefore = begun;
    }
    return true;
  }

  /** Whether all callbacks have ended. */
  synchronized boolean isEmpty() {
    return waiting.isEmpty() && idle == threads;
  }

  @GuardedBy("this")
  private void startThread() {
    threads++;
    services.start(
        poolName + "-callbacks-" + ++started, this::run, _ -> ended()); // the next look tries again
  }

  private void run() throws InterruptedException {
    for (var callback = next(); callback != null; callback = next()) {
      try {
        callback.run();
      } catch (Throwable t) {
        Log.error("a callback threw", t);
      }
      var _ = Thread.interrupted(); // the callback's own affair
    }
  }

  /** Waits for the next callback; null if none came, and the thread is to end. */
  private synchronized @Nullable Runnable next() throws InterruptedException {
    idle++;
    try {
      long end = System.nanoTime() + LINGER_NANOS;
      for (long left = LINGER_NANOS;
          waiting.isEmpty() && left > 0;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } finally {
      idle--;
    }
    var next = waiting.poll();
    if (next == null) {
      ended();
    } else {
      begun++;
    }
    return next;
  }

  private synchronized void ended() {
    threads--;
  }
}
