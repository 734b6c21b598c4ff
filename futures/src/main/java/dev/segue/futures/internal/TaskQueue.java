package dev.segue.futures.internal;

import dev.segue.futures.WhenFull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.function.ToIntFunction;

/**
 * The tasks that wait in a pool, in the order of their submission. Guarded by the pool's lock.
 *
 * @param <T> a task, which equals itself alone
 */
public final class TaskQueue<T> {
  private final LinkedHashSet<T> tasks = new LinkedHashSet<>();
  private final int capacity;
  private final long capacityBytes;
  private final ToIntFunction<? super T> length;
  private long bytes;

  /**
   * Makes an empty one.
   *
   * @param capacity how many tasks there may be
   * @param capacityBytes how many bytes they may have together
   * @param length how many bytes a task has, which must not change while it waits
   */
  public TaskQueue(int capacity, long capacityBytes, ToIntFunction<? super T> length) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
    this.length = length;
  }

  /** Whether none waits. */
  public boolean isEmpty() {
    return tasks.isEmpty();
  }

  /** How many wait. */
  public int size() {
    return tasks.size();
  }

  /**
   * Whether a task may be added. If nothing else waits, even one larger than the whole queue may.
   */
  public boolean hasRoomFor(int bytesOfTask) {
    return tasks.isEmpty() || (tasks.size() < capacity && bytes + bytesOfTask <= capacityBytes);
  }

  /**
   * Waits for a signal that there may be room for a task, or rejects the task at once.
   *
   * @param room signalled whenever there may be; of the pool's lock
   * @param pool the pool's name
   * @throws RejectedExecutionException if it is not to wait, or is interrupted
   */
  @SuppressWarnings("WaitNotInLoop") // the pool asks in a loop, as it may be shut down meanwhile
  public void waitForRoom(Condition room, WhenFull policy, String pool, int bytesOfTask) {
    if (policy == WhenFull.REJECT) {
      throw new RejectedExecutionException(
          "the queue of "
              + pool
              + " is full: no room for a task of "
              + bytesOfTask
              + " bytes behind "
              + size()
              + " waiting tasks");
    }
    try {
      room.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException("interrupted while waiting for room in " + pool, e);
    }
  }

  /** Adds a task at the end. */
  public void add(T task) {
    tasks.addLast(task);
    bytes += length.applyAsInt(task);
  }

  /** Puts a task that has left the queue back at its head. */
  public void addFirst(T task) {
    tasks.addFirst(task);
    bytes += length.applyAsInt(task);
  }

  /** The first task, which stays. */
  public T first() {
    return tasks.getFirst();
  }

  /** Removes and returns the first task. */
  public T removeFirst() {
    var task = tasks.removeFirst();
    bytes -= length.applyAsInt(task);
    return task;
  }

  /** Removes a task, if it waits. */
  public void remove(T task) {
    if (tasks.remove(task)) {
      bytes -= length.applyAsInt(task);
    }
  }

  /** The tasks, which stay. */
  public Collection<T> all() {
    return tasks;
  }

  /** Removes and returns all tasks. */
  public List<T> drain() {
    var all = new ArrayList<>(tasks);
    clear();
    return all;
  }

  /** Removes all tasks. */
  public void clear() {
    tasks.clear();
    bytes = 0;
  }
}
