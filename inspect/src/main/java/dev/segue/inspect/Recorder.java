package dev.segue.inspect;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.Task;
import dev.segue.futures.PoolInstrument;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * A recorder of what the tasks of one or more loops do, at a cost small enough to leave on: one
 * reading of the clock for each switch from task to task, and memory that does not grow.
 *
 * <p>It keeps the last events of each loop, and sums for each task that lives or has ended lately.
 * Any thread may use it, at any time, also while a loop is held.
 */
public final class Recorder {
  private static final int EVENTS = 1 << 18;
  private static final int MARKS = 10_000;

  private final Instant began;
  private final long origin; // the same moment, as System.nanoTime has it
  private final int events;
  private final List<LoopRecorder> loops = new CopyOnWriteArrayList<>();
  private final List<ThreadRecording> threads = new CopyOnWriteArrayList<>();

  /** What {@link #mark} was given. The loop is that of the task, if it was one. */
  private record Said(long at, String text, long thread, @Nullable EventLoop loop, long task) {}

  private final Deque<Said> said = new ArrayDeque<>(); // guarded by itself
  private final List<PoolRecorder> pools = new CopyOnWriteArrayList<>();
  private final AccessLog accesses;

  /** Makes a recorder that keeps the last 262,144 events of each loop, which takes 4 MB each. */
  public Recorder() {
    this(EVENTS);
  }

  /**
   * Makes a recorder.
   *
   * @param events how many events to keep of each loop, of 16 bytes each; a wait and the return
   *     from it are three. Rounded up to a power of two
   * @throws IllegalArgumentException if that is less than 1, or more than 134,217,728
   */
  public Recorder(int events) {
    if (events < 1 || events > 1 << 27) {
      throw new IllegalArgumentException(
          "events must be between 1 and 134,217,728, but was " + events);
    }
    this.events = events == 1 ? 1 : Integer.highestOneBit(events - 1) << 1;
    var beginning = Beginning.now();
    this.began = beginning.at;
    this.origin = beginning.nanos;
    this.accesses = new AccessLog(origin);
  }

  /** A moment on two clocks. Threads are recorded by the one, and loops by the other. */
  private record Beginning(Instant at, long nanos) {
    /** The thread may lose its processor between the two readings, but not each time. */
    static Beginning now() {
      var best = new Beginning(Instant.MIN, 0);
      long closest = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long before = System.nanoTime();
        var at = Instant.now();
        long apart = System.nanoTime() - before;
        if (apart < closest) {
          closest = apart;
          best = new Beginning(at, before + apart / 2);
        }
      }
      return best;
    }
  }

  /**
   * Returns an instrument for the builder of a loop that is to be recorded from its start on.
   *
   * @return a new instrument, which serves one loop
   */
  public Instrument forNewLoop() {
    return add(null);
  }

  /**
   * Returns an instrument as {@link #forNewLoop()}, and names the loop.
   *
   * @param name what to call the loop instead of its own name
   * @return a new instrument, which serves one loop
   */
  public Instrument forNewLoop(String name) {
    return add(Objects.requireNonNull(name, "name must not be null"));
  }

  private LoopRecorder add(@Nullable String name) {
    var loop = new LoopRecorder(origin, events, name);
    loops.add(loop);
    return loop;
  }

  /**
   * Records a loop from now on, or from when it gets to it.
   *
   * @param loop the loop, which must not be recorded by this recorder already
   */
  public void record(EventLoop loop) {
    Objects.requireNonNull(loop, "loop must not be null").addInstrument(forNewLoop());
  }

  /**
   * Records what threads wait for, beside loops, until the result is closed. That is JDK Flight
   * Recorder's work, of which the module {@code jdk.jfr} must be there.
   *
   * @param name what to call it
   * @return the recorder, which runs; a shutdown hook may close it
   */
  public ThreadRecorder recordThreads(String name) {
    return new ThreadRecorder(
        Objects.requireNonNull(name, "name must not be null"), began, threads::addAll);
  }

  /**
   * Notes that something happened now, on this thread, or in this task if it is one of a recorded
   * loop. The last 10,000 are kept. Any thread.
   *
   * @param text what
   */
  public void mark(String text) {
    Objects.requireNonNull(text, "text must not be null");
    var task = currentTask();
    synchronized (said) {
      said.add(
          new Said(
              System.nanoTime() - origin,
              text,
              Thread.currentThread().threadId(),
              task == null ? null : task.loop(),
              task == null ? 0 : task.id()));
      if (said.size() > MARKS) {
        said.remove();
      }
    }
  }

  /**
   * Returns a class that tells this recorder of the fields which it reads and writes, so that
   * updates that are lost are found: to be defined by a class loader of the program's, or returned
   * by a {@code ClassFileTransformer}. What other recorders have changed is told to this one too.
   * Any thread.
   *
   * <p>Elements of arrays, final fields, and what constructors do, are not told. An access takes
   * about 50 ns longer.
   *
   * @param classFile the class, as it was compiled
   * @param loader the loader that will define it, which finds the types that it uses
   * @return the class to be defined instead; the same if it uses no fields
   * @throws IllegalArgumentException if that is no class, or a type that it uses cannot be found
   */
  public byte[] watched(byte[] classFile, ClassLoader loader) {
    Objects.requireNonNull(classFile, "classFile must not be null");
    Objects.requireNonNull(loader, "loader must not be null");
    FieldAccesses.tell(accesses);
    return FieldWeaver.weave(classFile, loader);
  }

  /**
   * Returns when something was on the time axis of the recordings.
   *
   * @param nanoTime when it was, as {@link System#nanoTime} said
   * @return the time from the beginning of this recorder; negative if it was before
   */
  public Duration at(long nanoTime) {
    return Duration.ofNanos(nanoTime - origin);
  }

  /** The task that calls; null on an ordinary thread. */
  static @Nullable Task<?> currentTask() {
    if (!Thread.currentThread().isVirtual()) {
      return null; // tasks are virtual threads, and an exception takes long
    }
    try {
      return Async.currentTask();
    } catch (IllegalStateException _) {
      return null;
    }
  }

  /**
   * Returns an executor that passes all on to another one, and records what is given to it: who
   * submitted a task, when it began and ended, and on which thread.
   *
   * @param name what to call the pool
   * @param executor the executor, whose threads are of this JVM: tasks that it sends elsewhere
   *     could not be; a process pool is given {@link #forNewPool} instead
   * @return an executor to be used instead; shutting it down shuts down the other one
   */
  public ExecutorService recorded(String name, ExecutorService executor) {
    Objects.requireNonNull(executor, "executor must not be null");
    return new RecordedExecutor(executor, addPool(name));
  }

  /**
   * Returns an instrument for the builder of a process pool that is to be recorded.
   *
   * @param name what to call the pool
   * @return a new instrument, which serves one pool
   */
  public PoolInstrument forNewPool(String name) {
    return addPool(name);
  }

  private PoolRecorder addPool(String name) {
    Objects.requireNonNull(name, "name must not be null");
    var pool = new PoolRecorder(name, origin, Math.max(1, events / 8));
    pools.add(pool);
    return pool;
  }

  /**
   * Returns what has been recorded so far. The loops go on meanwhile. For a loop that is held this
   * waits up to 100 ms.
   *
   * @return a recording of each loop that has run a task, and of each pool
   */
  public Recording recording() {
    var recorded = new ArrayList<LoopRecorder>();
    var recordings = new ArrayList<LoopRecording>();
    for (var loop : loops) {
      var recording = loop.recording();
      if (recording != null) {
        recorded.add(loop);
        recordings.add(recording);
      }
    }
    var length = Duration.ofNanos(System.nanoTime() - origin);
    var poolRecordings = pools.stream().map(PoolRecorder::recording).toList();
    return new Recording(
        began,
        length,
        recordings,
        poolRecordings,
        threads,
        marks(recorded),
        accesses.lostUpdates(loop -> indexOf(loop, recorded)));
  }

  private List<Mark> marks(List<LoopRecorder> recorded) {
    synchronized (said) {
      return said.stream().map(each -> mark(each, recorded)).toList();
    }
  }

  private static Mark mark(Said said, List<LoopRecorder> recorded) {
    int index = indexOf(said.loop, recorded);
    return index < 0
        ? new Mark(said.at, said.text, said.thread, null, 0)
        : new Mark(said.at, said.text, said.thread, index, said.task);
  }

  /** The index of a loop in the recording; -1 if it is not there, or none. */
  private static int indexOf(@Nullable EventLoop loop, List<LoopRecorder> recorded) {
    for (int i = 0; loop != null && i < recorded.size(); i++) {
      if (recorded.get(i).records(loop)) {
        return i;
      }
    }
    return -1;
  }
}
