package dev.segue.compare.workload;

import dev.segue.compare.Parameters;
import dev.segue.compare.Workload;
import dev.segue.futures.SerializableCallable;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The same race with a lock around each update. Threads lose nothing now; processes, which share no
 * memory, still have a counter and a lock each.
 */
final class LockedCounterWorkload implements Workload<@Nullable Void> {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static long counter; // guarded by LOCK

  @Override
  public List<SerializableCallable<@Nullable Void>> jobs(Parameters parameters) {
    LOCK.lock();
    try {
      counter = 0;
    } finally {
      LOCK.unlock();
    }
    return Collections.nCopies(
        parameters.count("jobs", 60),
        job(parameters.time("length", Duration.ofMillis(2)), parameters.count("updates", 50_000)));
  }

  @Override
  public Object leftBehind() {
    LOCK.lock();
    try {
      return counter;
    } finally {
      LOCK.unlock();
    }
  }

  private static SerializableCallable<@Nullable Void> job(Duration wait, int updates) {
    return () -> {
      Thread.sleep(wait);
      for (int i = 0; i < updates; i++) {
        update();
      }
      return null;
    };
  }

  private static void update() {
    LOCK.lock();
    try {
      counter++;
    } finally {
      LOCK.unlock();
    }
  }
}
