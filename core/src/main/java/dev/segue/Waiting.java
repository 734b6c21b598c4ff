package dev.segue;

import java.util.function.Consumer;

/**
 * What a task waits for, as an {@link Instrument} is told.
 *
 * <p>It is the wait itself and no copy: it is to be asked on the loop, while the task waits, and
 * must not be kept afterwards.
 */
public sealed interface Waiting permits Wait {
  /** The kind of thing that is waited for. */
  enum Kind {
    /**
     * A time: {@link Async#sleep}, or a JDK wait that ends at one of the loop's ({@link TaskTime}).
     */
    SLEEP,
    /** The end of one task. */
    TASK,
    /** The next end among several tasks. */
    TASKS,
    /** The ends of all tasks of a group. */
    GROUP,
    /** An {@link AsyncLock}. */
    LOCK,
    /** A notification of an {@link AsyncCondition}. */
    CONDITION,
    /** A permit of an {@link AsyncSemaphore}. */
    SEMAPHORE,
    /** An {@link AsyncEvent}. */
    EVENT,
    /** An item of an {@link AsyncQueue}. */
    QUEUE,
    /** Room for an item in an {@link AsyncQueue}. */
    ROOM,
    /** That all items of an {@link AsyncQueue} have been handled. */
    JOIN,
    /** The other tasks at an {@link AsyncBarrier}. */
    BARRIER,
    /** A future or a stage of another library. */
    FUTURE,
    /** Work on a thread of the loop's: {@link Async#toThread}. */
    THREAD,
    /** Work that an executor does. */
    EXECUTOR,
    /** Input that a thread reads ahead: {@link Async#readAhead}. */
    INPUT,
    /** A wait of the JDK's, of which no more is known. */
    JDK
  }

  /**
   * Returns what kind of thing is waited for.
   *
   * @return the kind
   */
  Kind kind();

  /**
   * Returns the number of what is waited for: a task's id; of a lock, queue and the like a number
   * that no other one of the loop has.
   *
   * @return the number; 0 where it has none
   */
  long number();

  /**
   * Returns whether a thread is at work for the task, outside the loop: of {@link Async#toThread},
   * of an executor, of a plain {@link java.util.concurrent.Future}, of {@link Async#readAhead}.
   * Such a wait ends whatever the other tasks do, and a virtual clock stands still meanwhile. A
   * {@link java.util.concurrent.CompletableFuture} is no such thing: a task may complete it.
   *
   * @return whether it is known that work outside the loop ends the wait
   */
  boolean isForWork();

  /**
   * Returns what is waited for in words. This takes longer than the wait's other methods.
   *
   * @return a text such as {@code "sleep"} or {@code "task 'load'"}
   */
  String describe();

  /**
   * Passes on the tasks that can end the wait, where it is only they: the tasks waited for, or the
   * one that holds the lock.
   *
   * @param visitor given each task
   */
  void targets(Consumer<Task<?>> visitor);
}
