package dev.segue.futures;

import dev.segue.futures.internal.PoolInstrumentFactories;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * An observer of a pool of worker processes, for recorders and other tools.
 *
 * <p>Called by the pool's threads and those that use it, also at the same time, and partly while
 * the pool holds its lock: a method must be quick, and must not use the pool. What it throws is
 * logged. Each does nothing unless overridden.
 */
public interface PoolInstrument {
  /**
   * Gives every process pool of this JVM an instrument of its own: pools that are built from now
   * on, and those that there are already, from the next time on that they have something to tell.
   *
   * @param factory makes an instrument, given the pool's name; called by a thread that uses the
   *     pool. What it throws is logged, and the pool has none of it then
   */
  static void addToAll(Function<String, ? extends PoolInstrument> factory) {
    PoolInstrumentFactories.add(Objects.requireNonNull(factory, "factory must not be null"));
  }

  /**
   * Undoes {@link #addToAll}, also for the pools that there are.
   *
   * @param factory the factory that was given there
   */
  static void removeFromAll(Function<String, ? extends PoolInstrument> factory) {
    PoolInstrumentFactories.remove(Objects.requireNonNull(factory, "factory must not be null"));
  }

  /**
   * A task was submitted.
   *
   * @param task its number: the pool's first has 1
   * @param name its name
   * @param bytes how many bytes are sent to a worker for it
   */
  default void submitted(long task, String name, long bytes) {}

  /**
   * A task was given to a worker, which begins it at once, or when it has ended those that it was
   * given before. Told again if it is given to another one instead.
   *
   * @param task the task's number
   * @param worker the worker's name
   * @param pid the id of its process
   */
  default void given(long task, String worker, long pid) {}

  /**
   * A task ended.
   *
   * @param task the task's number
   * @param how how: not {@link Future.State#RUNNING}
   */
  default void ended(long task, Future.State how) {}

  /**
   * A worker process is being started.
   *
   * @param worker its name, which no other of the pool has
   */
  default void workerStarted(String worker) {}

  /**
   * A worker process has ended.
   *
   * @param worker its name
   */
  default void workerEnded(String worker) {}
}
