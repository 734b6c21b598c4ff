package dev.segue.inspect;

import dev.segue.futures.PoolInstrument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of one pool: its last tasks, and those that have not ended. Any thread; guarded by
 * itself.
 */
final class PoolRecorder implements PoolInstrument {
  private static final int MOST_WORKERS = 1_000;

  private final String name;
  private final long origin;
  private final int kept;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private final ArrayDeque<PoolTaskRecord> over = new ArrayDeque<>();
  private final Map<String, WorkerRecord> workers = new LinkedHashMap<>();
  private final Map<String, Long> lastEnds = new LinkedHashMap<>(); // by worker
  private long numbers;
  private long lost;

  /** A task that has not ended. */
  private static final class Open {
    private final String name;
    private final String submitter;
    private final long submitted;
    private String worker = "";
    private long given = -1;
    private @Nullable Future<?> future;

    Open(String name, String submitter, long submitted) {
      this.name = name;
      this.submitter = submitter;
      this.submitted = submitted;
    }
  }

  /**
   * @param kept how many tasks that have ended to keep, and as many that have not
   */
  PoolRecorder(String name, long origin, int kept) {
    this.name = name;
    this.origin = origin;
    this.kept = kept;
  }

  private long now() {
    return System.nanoTime() - origin;
  }

  // --- a pool of threads

  /** Notes a task that the calling thread submits, and returns its number. */
  long submitted() {
    var submitter = submitter();
    synchronized (this) {
      add(++numbers, new Open("", submitter, now()));
      return numbers;
    }
  }

  /** Notes the future of a task: one that is cancelled before it begins never says so. */
  synchronized void hasFuture(long task, Future<?> future) {
    var known = open.get(task);
    if (known != null) {
      known.future = future;
    }
  }

  /** The pool has refused a task. */
  synchronized void refused(long task) {
    open.remove(task);
  }

  /** What calls: a thread, or a task and its loop. */
  static String submitter() {
    var task = Recorder.currentTask();
    return task == null
        ? nameOf(Thread.currentThread())
        : task.name() + " of loop " + task.loop().name();
  }

  static String nameOf(Thread thread) {
    return thread.getName().isEmpty() ? "thread-" + thread.threadId() : thread.getName();
  }

  // --- what any pool tells

  @Override
  public void submitted(long task, String taskName, long bytes) {
    var submitter = submitter();
    synchronized (this) {
      add(task, new Open(taskName, submitter, now()));
    }
  }

  private void add(long task, Open known) {
    open.put(task, known);
    if (open.size() > kept) {
      var first = open.keySet().iterator();
      first.next();
      first.remove();
      lost++;
    }
  }

  @Override
  public void given(long task, String worker, long pid) {
    given(task, worker);
  }

  /** A worker, be it a thread or a process, has been given a task. */
  synchronized void given(long task, String worker) {
    var known = open.get(task);
    if (known != null) {
      known.worker = worker;
      known.given = now();
      if (!workers.containsKey(worker)) {
        workerStarted(worker);
      }
    }
  }

  @Override
  public synchronized void ended(long task, Future.State how) {
    var known = open.remove(task);
    if (known != null) {
      end(task, known, now(), ending(how));
    }
  }

  private static Ending ending(Future.State how) {
    return switch (how) {
      case SUCCESS -> Ending.SUCCESS;
      case FAILED -> Ending.FAILURE;
      case CANCELLED -> Ending.CANCELLATION;
      case RUNNING -> Ending.NONE;
    };
  }

  private void end(long task, Open known, long now, Ending how) {
    if (over.size() == kept) {
      over.removeFirst();
      lost++;
    }
    over.add(record(task, known, now, how));
    if (known.given >= 0) {
      lastEnds.put(known.worker, now);
    }
  }

  private PoolTaskRecord record(long task, Open known, long ended, Ending how) {
    boolean given = known.given >= 0;
    long began = given ? Math.max(known.given, lastEnds.getOrDefault(known.worker, 0L)) : -1;
    return new PoolTaskRecord(
        task,
        known.name,
        known.submitter,
        known.submitted,
        given && ended >= 0 ? Math.min(began, ended) : began,
        ended,
        known.worker,
        how);
  }

  @Override
  public synchronized void workerStarted(String worker) {
    if (workers.size() == MOST_WORKERS) { // each task of a pool may have a thread of its own
      var first = workers.keySet().iterator();
      lastEnds.remove(first.next());
      first.remove();
    }
    workers.put(worker, new WorkerRecord(worker, now(), -1));
  }

  @Override
  public synchronized void workerEnded(String worker) {
    workers.computeIfPresent(worker, (_, known) -> new WorkerRecord(worker, known.from(), now()));
    lastEnds.remove(worker);
  }

  // --- from outside

  synchronized PoolRecording recording() {
    endCancelled();
    var tasks = new ArrayList<>(over);
    open.forEach((task, known) -> tasks.add(record(task, known, -1, Ending.NONE)));
    tasks.sort(Comparator.comparingLong(PoolTaskRecord::id));
    return new PoolRecording(name, tasks, List.copyOf(workers.values()), lost);
  }

  /** Ends the tasks that were cancelled before they began. */
  private void endCancelled() {
    var cancelled = new ArrayList<Long>();
    open.forEach((task, known) -> {
      if (known.given < 0 && known.future != null && known.future.isCancelled()) {
        cancelled.add(task);
      }
    });
    for (long task : cancelled) {
      var known = open.remove(task);
      if (known != null) {
        end(task, known, now(), Ending.CANCELLATION);
      }
    }
  }
}
