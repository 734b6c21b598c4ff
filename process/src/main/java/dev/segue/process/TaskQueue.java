package dev.segue.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The tasks that wait for a worker, in the order of their submission. Guarded by the pool's lock.
 */
final class TaskQueue {
  private final LinkedHashSet<PoolTask<?>> tasks = new LinkedHashSet<>();
  private final int capacity;
  private final long capacityBytes;
  private long bytes;

  TaskQueue(int capacity, long capacityBytes) {
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }

  /**
   * Whether a task may be added. If nothing else waits, even one larger than the whole queue may.
   */
  boolean hasRoomFor(int length) {
    return tasks.isEmpty() || (tasks.size() < capacity && bytes + length <= capacityBytes);
  }

  void add(PoolTask<?> task) {
    tasks.addLast(task);
    bytes += task.encoded().length();
  }

  /** Puts a task that has left the queue back at its head. */
  void addFirst(PoolTask<?> task) {
    tasks.addFirst(task);
    bytes += task.encoded().length();
  }

  PoolTask<?> removeFirst() {
    var task = tasks.removeFirst();
    bytes -= task.encoded().length();
    return task;
  }

  void remove(PoolTask<?> task) {
    if (tasks.remove(task)) {
      bytes -= task.encoded().length();
    }
  }

  /** The tasks, which stay. */
  Collection<PoolTask<?>> all() {
    return tasks;
  }

  /** Removes and returns all tasks. */
  List<PoolTask<?>> drain() {
    var all = new ArrayList<>(tasks);
    tasks.clear();
    bytes = 0;
    return all;
  }
}
