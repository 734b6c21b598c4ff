package dev.segue.inspect;

import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.futures.PoolInstrument;
import java.time.Duration;
import java.time.Instant;
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

  private final Instant began = Instant.now();
  private final long origin = System.nanoTime();
  private final int events;
  private final List<LoopRecorder> loops = new CopyOnWriteArrayList<>();
  private final List<PoolRecorder> pools = new CopyOnWriteArrayList<>();

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
    var recordings = loops.stream().map(LoopRecorder::recording).filter(Objects::nonNull).toList();
    return new Recording(
        began,
        Duration.ofNanos(System.nanoTime() - origin),
        recordings,
        pools.stream().map(PoolRecorder::recording).toList());
  }
}
