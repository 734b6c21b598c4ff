package dev.segue.process;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The results that are being read. Reading may run people's code, which may hang: so each is read
 * on a thread of its own, and a task's time-out holds for it too. Safe for use by several threads.
 */
final class Decodings {
  private record Decoding(PoolTask<?> task, Thread thread, long until) {}

  private final Set<Decoding> running = ConcurrentHashMap.newKeySet();

  /**
   * Starts to read a result.
   *
   * @param limit how long it may take; null for without limit
   * @param read ends the task
   * @param then called when it is read
   */
  void start(PoolTask<?> task, @Nullable Duration limit, Runnable read, Runnable then) {
    long nanos = Durations.nanos(limit);
    long until = nanos == Durations.NEVER ? Durations.NEVER : System.nanoTime() + nanos;
    var decoding = new Decoding[1];
    var thread =
        Thread.ofVirtual()
            .name("segue-pool-result")
            .inheritInheritableThreadLocals(false)
            .unstarted(() -> {
              try {
                read.run();
              } finally {
                running.remove(decoding[0]);
                then.run();
              }
            });
    decoding[0] = new Decoding(task, thread, until);
    running.add(decoding[0]);
    thread.start();
  }

  boolean isEmpty() {
    return running.isEmpty();
  }

  /** Whether one of them has a time to end by. */
  boolean isAnyLimited() {
    return running.stream().anyMatch(decoding -> decoding.until() != Durations.NEVER);
  }

  /** Gives up those whose time is over. */
  void stopLate() {
    long now = System.nanoTime();
    for (var decoding : List.copyOf(running)) {
      if (decoding.until() != Durations.NEVER && now - decoding.until() >= 0) {
        running.remove(decoding);
        decoding.thread().interrupt();
        var task = decoding.task();
        task.fail(new TimeoutException("the result of " + task.name() + " took too long to read"));
      }
    }
  }
}
