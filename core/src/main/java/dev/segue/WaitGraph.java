package dev.segue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search for tasks of one loop that wait for each other, or for each other's locks, in a ring.
 *
 * <p>Each wait of a task for tasks, or for a lock that a task holds, looks, before it begins, for a
 * way back to itself. The look is short (a chain of a hundred thousand tasks would otherwise cost
 * the square of that), and a wait that was not looked at to the end is looked at again, in full,
 * the next time that the loop has nothing to do. A lock that is handed on closes no ring by itself:
 * the task that gets it can run, and looks when it waits next.
 */
@LoopConfined
final class WaitGraph {
  private static final int EAGER_HOPS = 1_000;

  private record LongWait(Task<?> waiter, TaskWait from) {}

  private final ArrayDeque<LongWait> longWaits = new ArrayDeque<>();

  /**
   * Checks a wait that is about to begin.
   *
   * @throws DeadlockException if it would close a ring that nothing can break
   */
  void refuseRing(Task<?> waiter, TaskWait wait) {
    var only = wait.onlyTarget();
    if (only != waiter && !waiter.isWaitedFor()) {
      return; // a ring would lead back to it
    }
    if (only != null && only != waiter && !(only.currentWait() instanceof TaskWait)) {
      return; // by far the most common: it does not wait for a task itself
    }
    if (only != null && !leadsFar(waiter, only)) {
      return;
    }
    var search = new Search(waiter, EAGER_HOPS);
    var ring = search.from(wait);
    if (ring != null) {
      throw deadlock(ring, wait);
    }
    if (search.gaveUp()) {
      longWaits.add(new LongWait(waiter, wait));
    }
  }

  /** Looks at the waits that were too long to be looked at when they began. */
  void searchLongWaits() {
    for (var entry = longWaits.poll(); entry != null; entry = longWaits.poll()) {
      if (entry.waiter.currentWait() != entry.from) {
        continue;
      }
      var ring = new Search(entry.waiter, Integer.MAX_VALUE).from(entry.from);
      if (ring != null) {
        fail(ring);
      }
    }
  }

  /** Throws in the first task of the ring whose wait can be given up; a group's join cannot. */
  private static void fail(List<Task<?>> ring) {
    for (int i = 0; i < ring.size(); i++) {
      var task = ring.get(i);
      if (task.currentWait() instanceof TaskWait wait && wait.onlyTarget() != null) {
        var fromHere = new ArrayList<>(ring.subList(i, ring.size()));
        fromHere.addAll(ring.subList(0, i));
        task.failWith(deadlock(List.copyOf(fromHere), wait));
        return;
      }
    }
  }

  /** The exception for a ring whose first task begins, or is in, the given wait. */
  private static DeadlockException deadlock(List<Task<?>> ring, TaskWait first) {
    var waits =
        ring.stream()
            .map(task -> task.currentWait() instanceof TaskWait wait ? wait : first)
            .toList();
    return new DeadlockException(ring, waits);
  }

  /** Follows a plain chain of waits; false where it ends, and so leads to no ring. */
  private static boolean leadsFar(Task<?> waiter, Task<?> target) {
    Task<?> task = target;
    for (int hops = 0; hops < EAGER_HOPS && task != waiter; hops++) {
      if (!(task.currentWait() instanceof TaskWait wait)) {
        return false;
      }
      var next = wait.onlyTarget();
      if (next == null) {
        return true;
      }
      task = next;
    }
    return true;
  }

  /** One search for a way from a wait back to the task that waits. */
  private static final class Search {
    private final Task<?> waiter;
    private final int mostTasks;
    private final IdentityHashMap<Task<?>, Task<?>> cameFrom = new IdentityHashMap<>();
    private final ArrayDeque<Task<?>> open = new ArrayDeque<>();
    private boolean gaveUp;

    Search(Task<?> waiter, int mostTasks) {
      this.waiter = waiter;
      this.mostTasks = mostTasks;
    }

    boolean gaveUp() {
      return gaveUp;
    }

    @Nullable List<Task<?>> from(TaskWait first) {
      visit(waiter, first);
      while (!open.isEmpty() && !gaveUp) {
        var task = open.pop();
        if (task == waiter) {
          return ring();
        }
        if (task.currentWait() instanceof TaskWait wait) {
          visit(task, wait);
        }
      }
      return null;
    }

    private void visit(Task<?> task, TaskWait wait) {
      wait.forEachTarget(target -> {
        boolean worthVisiting = target == waiter || target.currentWait() instanceof TaskWait;
        if (!worthVisiting || hasDeadline(target) || gaveUp) {
          return;
        }
        if (cameFrom.putIfAbsent(target, task) == null) {
          open.push(target);
          gaveUp = cameFrom.size() > mostTasks;
        }
      });
    }

    private List<Task<?>> ring() {
      var ring = new ArrayDeque<Task<?>>();
      Task<?> task = waiter;
      do {
        task = cameFrom.get(task);
        if (task != null) {
          ring.push(task);
        }
      } while (task != null && task != waiter);
      return List.copyOf(ring);
    }

    /** Whether a time-out may end this task's wait, and so open any ring through it. */
    private static boolean hasDeadline(Task<?> task) {
      for (CancelNode node = task.innermost(); node != null; node = node.parent()) {
        if (node instanceof CancelScope scope && scope.hasDeadline()) {
          return true;
        }
        if (node.isShield()) {
          return false;
        }
      }
      return false;
    }
  }
}
