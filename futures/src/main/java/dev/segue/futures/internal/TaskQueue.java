package dev.segue.futures.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
