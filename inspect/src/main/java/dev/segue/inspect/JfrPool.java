package dev.segue.inspect;

import dev.segue.futures.PoolInstrument;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Commits the events of one process pool while a recording runs. Tasks that were submitted before
 * have none. Any thread; guarded by itself.
 */
final class JfrPool implements PoolInstrument {
  /** Those that {@code shutdownNow} returned may never end. */
  private static final int MOST_TASKS = 100_000;

  /** A task that has not ended. */
  private static final class Open {
    final JfrEvent.PoolTask event = new JfrEvent.PoolTask();
    final long submitted = System.nanoTime();
    @Nullable String worker;
    long given;
  }

  private final String pool;
  private final SequencedMap<Long, Open> tasks = new LinkedHashMap<>();
  private final Map<String, Long> lastEnds = new HashMap<>(); // by worker

  JfrPool(String pool) {
    this.pool = pool;
  }

  @Override
  public void submitted(long task, String name, long bytes) {
    var known = new Open();
    known.event.pool = pool;
    known.event.task = name;
    known.event.submitter = PoolRecorder.submitter();
    known.event.bytes = bytes;
    known.event.begin();
    synchronized (this) {
      tasks.put(task, known);
      if (tasks.size() > MOST_TASKS) {
        tasks.pollFirstEntry();
      }
    }
  }

  @Override
  public synchronized void given(long task, String worker, long pid) {
    var known = tasks.get(task);
    if (known != null) {
      known.worker = worker;
      known.given = System.nanoTime();
      known.event.worker = worker;
      known.event.pid = Long.toString(pid);
    }
  }

  @Override
  public void ended(long task, Future.State how) {
    long now = System.nanoTime();
    JfrEvent.PoolTask event;
    synchronized (this) {
      var known = tasks.remove(task);
      if (known == null) {
        return;
      }
      event = known.event;
      event.end();
      // A worker that was given several runs one after the other.
      long began =
          known.worker == null
              ? now
              : Math.max(known.given, lastEnds.getOrDefault(known.worker, known.given));
      event.queued = began - known.submitted;
      event.running = now - began;
      if (known.worker != null) {
        lastEnds.put(known.worker, now);
      }
    }
    if (event.shouldCommit()) {
      event.outcome = how.name().toLowerCase(Locale.ROOT);
      event.commit();
    }
  }

  @Override
  public synchronized void workerEnded(String worker) {
    lastEnds.remove(worker);
  }
}
