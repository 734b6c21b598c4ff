package dev.segue.process;

import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The results that are being read. Reading may run people's code, which may hang: so each is read
 * on a thread of its own, and a task's time-out holds for it too. Safe for use by several threads.
 */
final class Decodings {
  private static final class Decoding {
    private final PoolTask<?> task;
    private final long deadline;
    private volatile @Nullable Future<?> work;

    Decoding(PoolTask<?> task, long deadline) {
      this.task = task;
      this.deadline = deadline;
    }
  }

  private final Set<Decoding> running = ConcurrentHashMap.newKeySet();

  /**
   * Enough that some may hang; not virtual, for those that hang in a loop would hold the carriers.
   */
  private static final int MOST_THREADS = 32;

  private final ThreadPoolExecutor threads;

  Decodings(String poolName) {
    threads =
        new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name(poolName + "-results-", 1)
                .factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts to read a result.
   *
   * @param limit how long it may take; null for without limit
   * @param read ends the task
   * @param then called when it is read
   */
  void start(PoolTask<?> task, @Nullable Duration limit, Runnable read, Runnable then) {
    var decoding = new Decoding(task, Deadlines.in(Durations.nanos(limit)));
    running.add(decoding);
    decoding.work =
        threads.submit(() -> {
          try {
            read.run();
          } finally {
            running.remove(decoding);
            then.run();
          }
        });
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  /** Whether one of them has a time to end by. */
  boolean isAnyLimited() {
    return running.stream().anyMatch(decoding -> decoding.deadline != Durations.NEVER);
  }

  /** Gives up those whose time is over. */
  void stopLate() {
    for (var decoding : List.copyOf(running)) {
      if (Deadlines.nanosUntil(decoding.deadline) <= 0) {
        stop(decoding);
        var task = decoding.task;
        task.fail(new TimeoutException("timed out while decoding the result of " + task.name()));
      }
    }
  }

  /** Gives up all. */
  void cancelAll() {
    for (var decoding : List.copyOf(running)) {
      stop(decoding);
      decoding.task.cancelFuture();
      decoding.task.workEnded();
    }
  }

  private void stop(Decoding decoding) {
    running.remove(decoding);
    var work = decoding.work;
    if (work != null) {
      work.cancel(true);
    }
  }
}
