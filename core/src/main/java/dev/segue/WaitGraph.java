package dev.segue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The search for tasks of one loop that wait for each other, or for each other's locks, in a ring.
 *
 * <p>Each wait of a task for tasks, or for a lock that a task holds, is checked before it begins:
 * is there a way back to it? A ring can be found along the waits, or against them, from the task to
 * those that wait for it. Both are tried, since one of the two mostly ends soon: many wait for one
 * load that fans out, or a chain grows at its end.
 *
 * <p>A check is short. The waits whose check was cut off are searched together when the loop has
 * nothing to do, or when there are as many of them as the last such search visited tasks. So the
 * cost of all searches is in proportion to the number of waits.
 *
 * <p>A lock that is handed on closes no ring by itself: the task that gets it can run, and is
 * checked when it waits next.
 */
@LoopConfined
final class WaitGraph {
  private static final int FEW_HOPS = 16;
  private static final int EAGER_HOPS = 1_024;

  private record LongWait(Task<?> waiter, TaskWait from) {
    boolean goesOn() {
      return waiter.currentWait() == from;
    }
  }

  private final ArrayDeque<LongWait> longWaits = new ArrayDeque<>();
  private int mostLongWaits = EAGER_HOPS; // until they are searched, though the loop is busy
  private long hops;
  private final Instruments instruments;

  WaitGraph(Instruments instruments) {
    this.instruments = instruments;
  }

  /** How many waits all the searches have followed so far. */
  long hops() {
    return hops;
  }

  /**
   * Checks a wait that is about to begin.
   *
   * @throws DeadlockException if it would close a ring that nothing can break
   */
  void refuseRing(Task<?> waiter, TaskWait wait) {
    var only = wait.onlyTarget();
    if (only != waiter && !mayBeWaitedFor(waiter)) {
      return; // a ring would lead back to it
    }
    if (only != null && only != waiter && !leadsFar(waiter, only)) {
      return; // by far the most common: it does not wait for a task itself
    }
    if (mayBeEnded(waiter, wait)) {
      return;
    }
    for (int hops = FEW_HOPS; hops <= EAGER_HOPS; hops *= 4) {
      var along = new Search(waiter, wait, hops).along();
      var search = along.wasCutOff() ? new Search(waiter, wait, hops).against() : along;
      if (search.ring() != null) {
        throw deadlock(search.ring(), wait);
      }
      if (!search.wasCutOff()) {
        return;
      }
    }
    if (longWaits.size() >= mostLongWaits) {
      searchLongWaits();
    }
    longWaits.add(new LongWait(waiter, wait));
  }

  /** Searches the waits whose check was cut off when they began. */
  void searchLongWaits() {
    if (longWaits.isEmpty()) {
      return;
    }
    var search = new FullSearch(longWaits);
    longWaits.clear();
    for (var ring = search.next(); ring != null; ring = search.next()) {
      fail(ring);
    }
    mostLongWaits = Math.max(EAGER_HOPS, search.visited());
  }

  /** Throws in the first task of the ring whose wait can be given up; a group's join cannot. */
  private void fail(List<Task<?>> ring) {
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
  DeadlockException deadlock(List<Task<?>> ring, TaskWait first) {
    var waits =
        ring.stream()
            .map(task -> task.currentWait() instanceof TaskWait wait ? wait : first)
            .toList();
    var deadlock = new DeadlockException(ring, waits);
    instruments.deadlocked(deadlock);
    return deadlock;
  }

  /** Whether another task waits for this one, or there is much to look through to find out. */
  private static boolean mayBeWaitedFor(Task<?> task) {
    int hops = FEW_HOPS;
    for (var observer = task.newestObserver(); observer != null; observer = observer.older) {
      if ((!observer.withdrawn && observer.waiter() != null) || --hops == 0) {
        return true;
      }
    }
    for (var hold = task.held(); hold != null; hold = hold.earlier) {
      if (!hold.waiters().isEmpty() || --hops == 0) {
        return true;
      }
    }
    return false;
  }

  /** Follows a plain chain of waits; false where it ends, and so leads to no ring. */
  private static boolean leadsFar(Task<?> waiter, Task<?> target) {
    Task<?> task = target;
    for (int hops = 0; hops < FEW_HOPS && task != waiter; hops++) {
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

  /** Whether a task is in a wait that only other tasks can end. */
  private static boolean isBlocked(Task<?> task) {
    return task.currentWait() instanceof TaskWait wait && !mayBeEnded(task, wait);
  }

  /**
   * Whether a time-out, or a cancel that has been requested and is still on its way, may end this
   * task's wait, and so open any ring through it. A group's join is ended by the ends of the
   * group's tasks alone, which the same time-outs and cancels reach.
   */
  private static boolean mayBeEnded(Task<?> task, TaskWait wait) {
    return wait.onlyTarget() != null && mayBeEnded(task);
  }

  /** Whether a time-out, or a cancel that is still on its way, may end what this task waits for. */
  static boolean mayBeEnded(Task<?> task) {
    for (CancelNode node = task.innermost(); node != null; node = node.parent()) {
      var ends = mayEnd(node);
      if (ends != null) {
        return ends;
      }
    }
    return false;
  }

  /** Whether a node, and what is above it, may end a wait in it; null if that is only above it. */
  static @Nullable Boolean mayEnd(CancelNode node) {
    if (node.request() != null || (node instanceof CancelScope scope && scope.hasDeadline())) {
      return true;
    }
    return node.isShield() ? false : null;
  }

  /** One short search for a way from a wait that is about to begin back to its task. */
  private final class Search {
    private final Task<?> waiter;
    private final TaskWait wait;
    private int hopsLeft;
    private final IdentityHashMap<Task<?>, Task<?>> cameFrom = new IdentityHashMap<>();
    private final ArrayDeque<Task<?>> open = new ArrayDeque<>();
    private @Nullable List<Task<?>> ring; // each waits for the next

    Search(Task<?> waiter, TaskWait wait, int hops) {
      this.waiter = waiter;
      this.wait = wait;
      this.hopsLeft = hops;
    }

    @Nullable List<Task<?>> ring() {
      return ring;
    }

    boolean wasCutOff() {
      return ring == null && hopsLeft <= 0;
    }

    private void countHop() {
      hopsLeft--;
      hops++;
    }

    private boolean goesOn() {
      return ring == null && hopsLeft > 0;
    }

    private @Nullable Task<?> next() {
      return goesOn() ? open.poll() : null;
    }

    /** Follows the waits, from the one that is about to begin. */
    Search along() {
      followTargets(waiter, wait);
      for (var task = next(); task != null; task = next()) {
        followTargets(task, (TaskWait) Objects.requireNonNull(task.currentWait()));
      }
      return this;
    }

    private void followTargets(Task<?> task, TaskWait itsWait) {
      itsWait.visitTargets(target -> {
        countHop();
        if (target == waiter) {
          ring = way(task).reversed();
        } else {
          visit(target, task);
        }
        return goesOn();
      });
    }

    /** Follows the waits back, from the task that is about to wait. */
    Search against() {
      followWaiters(waiter);
      for (var task = next(); task != null; task = next()) {
        followWaiters(task);
      }
      return this;
    }

    private void followWaiters(Task<?> task) {
      var observer = task.newestObserver();
      for (; observer != null && goesOn(); observer = observer.older) {
        countHop();
        var other = observer.withdrawn ? null : observer.waiter();
        if (other != null) {
          visitWaiter(other, task);
        }
      }
      for (var hold = task.held(); hold != null && goesOn(); hold = hold.earlier) {
        countHop();
        hold.waiters()
            .visit(other -> {
              countHop();
              visitWaiter(other, task);
              return goesOn();
            });
      }
    }

    private void visitWaiter(Task<?> other, Task<?> task) {
      if (visit(other, task) && wait.isFor(other)) {
        var way = way(other);
        ring = new ArrayList<>(way.size());
        ring.add(waiter);
        ring.addAll(way.subList(0, way.size() - 1));
      }
    }

    /** Returns whether the task may be part of a ring and was not known yet. */
    private boolean visit(Task<?> task, Task<?> from) {
      if (!isBlocked(task) || cameFrom.putIfAbsent(task, from) != null) {
        return false;
      }
      open.add(task);
      return true;
    }

    /** The way that led to a task, from it back to the task that is about to wait. */
    private List<Task<?>> way(Task<?> task) {
      var way = new ArrayList<Task<?>>();
      for (Task<?> at = task; at != null; at = cameFrom.get(at)) {
        way.add(at);
      }
      return way;
    }
  }

  /** One search from many waits, which visits each task once. */
  private final class FullSearch {
    private static final int LEFT = -1;

    private final ArrayDeque<Task<?>> starts = new ArrayDeque<>();
    private final ArrayDeque<Task<?>> open = new ArrayDeque<>();
    private final List<Task<?>> path = new ArrayList<>(); // each waits for the next
    private final IdentityHashMap<Task<?>, Integer> places = new IdentityHashMap<>(); // in the path

    FullSearch(Collection<LongWait> from) {
      for (var entry : from) {
        if (entry.goesOn()) {
          starts.add(entry.waiter);
        }
      }
    }

    int visited() {
      return places.size();
    }

    /** The next ring; null if there is none. The one before has been broken. */
    @Nullable List<Task<?>> next() {
      while (true) {
        var task = open.isEmpty() ? starts.poll() : open.pop();
        if (task == null) {
          return null;
        }
        var place = places.get(task);
        if (place == null && isBlocked(task)) {
          open.push(task); // to leave it, when all that it leads to has been visited
          places.put(task, path.size());
          path.add(task);
          int closing = pushTargets(task);
          if (closing != LEFT) {
            return takeRing(closing);
          }
        } else if (place != null && place != LEFT) {
          path.removeLast();
          places.put(task, LEFT);
        }
      }
    }

    /** Returns the place in the path of a task that is waited for and closes a ring. */
    private int pushTargets(Task<?> task) {
      int[] closing = {LEFT};
      ((TaskWait) Objects.requireNonNull(task.currentWait()))
          .visitTargets(target -> {
            hops++;
            var place = places.get(target);
            if (place == null) {
              open.push(target);
            } else {
              closing[0] = place;
            }
            return closing[0] == LEFT;
          });
      return closing[0];
    }

    /** Cuts the ring off the path, to visit its tasks again when it has been broken. */
    private List<Task<?>> takeRing(int from) {
      var end = path.subList(from, path.size());
      var ring = List.copyOf(end);
      end.clear();
      while (open.peek() != ring.getFirst()) { // stays, as the path still leads to it
        open.pop();
      }
      ring.forEach(places::remove);
      starts.addAll(ring);
      return ring;
    }
  }
}
