package dev.segue.futures;

import java.util.concurrent.Future;

/**
 * An observer of a pool of worker processes, for recorders and other tools.
 *
 * <p>Called by the pool's threads and those that use it, also at the same time, and partly while
 * the pool holds its lock: a method must be quick, and must not use the pool. What it throws is
 * logged. Each does nothing unless overridden.
 */
public interface PoolInstrument {
  /**
   * A task was submitted.
   *
   * @param task its number: the pool's first has 1
   * @param name its name
   */
  default void submitted(long task, String name) {}

  /**
   * A task was given to a worker, which begins it at once, or when it has ended those that it was
   * given before. Told again if it is given to another one instead.
   *
   * @param task the task's number
   * @param worker the worker's name
   */
  default void given(long task, String worker) {}

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
