package dev.segue.process;

import dev.segue.futures.internal.Deadlines;
import dev.segue.process.codec.Thrown;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The results that are being decoded. Decoding may run user code, which may hang, so each result is
 * decoded on a thread of its own and must be ready by the task's time-out. Safe for use by several
 * threads.
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
   * Enough that a few may hang. Not virtual threads: one that hangs in a loop would occupy a
   * carrier.
   */
  private static final int MOST_THREADS = 32;

  private final ThreadPoolExecutor threads;

  private final AtomicInteger started = new AtomicInteger();

  Decodings(String poolName, ServiceThreads services) {
    threads =
        new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            body ->
                services.create(poolName + "-results-" + started.incrementAndGet(), true, body));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts to decode a result.
   *
   * @param limit how long it may take; null for without limit
   * @param decode decodes it and ends the task
   * @param then called after that
   */
  void start(PoolTask<?> task, @Nullable Duration limit, Runnable decode, Runnable then) {
    var decoding = new Decoding(task, Deadlines.in(Durations.nanos(limit)));
    running.add(decoding);
    try {
      decoding.work = threads.submit(() -> run(decoding, decode, then));
    } catch (Throwable t) { // for want of threads or memory
      running.remove(decoding);
      task.fail(Thrown.undecodable(task.name(), t));
    }
  }

  private void run(Decoding decoding, Runnable decode, Runnable then) {
    try {
      decode.run();
    } catch (Throwable t) { // for want of memory
      decoding.task.fail(Thrown.undecodable(decoding.task.name(), t));
    } finally {
      running.remove(decoding);
      then.run();
    }
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  /** Whether any of them has a deadline. */
  boolean isAnyLimited() {
    return running.stream().anyMatch(decoding -> decoding.deadline != Durations.NEVER);
  }

  /** Gives up those whose deadline has passed. */
  void stopLate() {
    for (var decoding : List.copyOf(running)) {
      if (Deadlines.nanosUntil(decoding.deadline) <= 0) {
        var task = decoding.task;
        task.fail(new TimeoutException("timed out while decoding the result of " + task.name()));
        stop(decoding);
      }
    }
  }

  /** Gives up all of them, after an error in the pool itself. */
  void failAll(Throwable why) {
    for (var decoding : List.copyOf(running)) {
      decoding.task.fail(why);
      stop(decoding);
    }
  }

  /** Gives up all of them. */
  void cancelAll() {
    for (var decoding : List.copyOf(running)) {
      decoding.task.cancelled();
      stop(decoding);
    }
  }

  /** Interrupts a decoding whose task has ended; before that, the interrupt might fail it. */
  private void stop(Decoding decoding) {
    running.remove(decoding);
    var work = decoding.work;
    if (work != null) {
      work.cancel(true);
    }
  }
}
