package dev.segue.cluster;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The tasks that wait, in the order of their submission. Guarded by the pool's lock. */
final class TaskQueue {
  private final LinkedHashSet<ClusterTask<?>> tasks = new LinkedHashSet<>();
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

  void add(ClusterTask<?> task) {
    tasks.addLast(task);
    bytes += task.length();
  }

  /** Puts tasks that have left the queue back at its head, in their order. */
  void addFirst(List<ClusterTask<?>> again) {
    for (var task : again.reversed()) {
      tasks.addFirst(task);
      bytes += task.length();
    }
  }

  ClusterTask<?> first() {
    return tasks.getFirst();
  }

  ClusterTask<?> removeFirst() {
    var task = tasks.removeFirst();
    bytes -= task.length();
    return task;
  }

  void remove(ClusterTask<?> task) {
    if (tasks.remove(task)) {
      bytes -= task.length();
    }
  }

  /** Removes and returns all tasks. */
  List<ClusterTask<?>> drain() {
    var all = new ArrayList<>(tasks);
    tasks.clear();
    bytes = 0;
    return all;
  }
}
