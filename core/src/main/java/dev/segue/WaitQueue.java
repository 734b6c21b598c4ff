package dev.segue;

import java.util.LinkedHashSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for one thing, in the order in which they came. It is handed to the first of
 * them directly, before that task runs, so that no other can come between.
 *
 * <p>A task whose wait is given up leaves the queue at once, so what is handed over is never lost:
 * a cancel that comes before takes the task out of the queue, one that comes after finds its wait
 * over.
 */
@LoopConfined
final class WaitQueue<W extends WaitQueue.Waiter> {
  private final LinkedHashSet<W> waiters = new LinkedHashSet<>();

  /** A task's place in a queue. Subclasses say what is handed over. */
  static class Waiter implements Wait {
    final Task<?> task;
    private final WaitQueue<?> queue;
    private final Kind kind;
    private final LoopBound what;
    boolean refused;

    /**
     * Creates a place that has not been taken yet.
     *
     * @param what what the task waits for; its text appears in messages
     */
    Waiter(Task<?> task, WaitQueue<?> queue, Kind kind, LoopBound what) {
      this.task = task;
      this.queue = queue;
      this.kind = kind;
      this.what = what;
    }

    /** A task waits for one thing at a time; and the VM takes longer to make up a number. */
    @Override
    public final int hashCode() {
      return Long.hashCode(task.id());
    }

    @Override
    public final boolean abort() {
      queue.waiters.remove(this);
      return true;
    }

    @Override
    public final Kind kind() {
      return kind;
    }

    @Override
    public final long number() {
      return what.number();
    }

    @Override
    public String describe() {
      return what.toString();
    }
  }

  /**
   * Suspends a task, which is the one that runs, until it is its turn.
   *
   * @return false if it was refused
   * @throws Cancelled if the task was cancelled before
   */
  boolean await(W waiter) {
    try {
      waiters.add(waiter);
      waiter.task.suspend(waiter);
    } catch (Throwable thrown) {
      waiters.remove(waiter); // it is out already, unless the stack overflowed here
      throw thrown;
    }
    return !waiter.refused;
  }

  /** The task that has waited longest; there is one. */
  W first() {
    return waiters.getFirst();
  }

  /** Ends the first task's wait; null if nobody waits. */
  @Nullable W wakeFirst() {
    if (waiters.isEmpty()) {
      return null;
    }
    var first = waiters.removeFirst();
    first.task.wakeUp(first);
    return first;
  }

  void wakeAll() {
    while (!waiters.isEmpty()) {
      wakeFirst();
    }
  }

  /** Ends every task's wait without what it waits for. */
  void refuseAll() {
    for (var waiter : waiters) {
      waiter.refused = true;
    }
    wakeAll();
  }

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  /** Passes on the tasks that wait, the first one first, until {@code visitor} has seen enough. */
  void visit(Predicate<Task<?>> visitor) {
    for (var waiter : waiters) {
      if (!visitor.test(waiter.task)) {
        return;
      }
    }
  }

  int size() {
    return waiters.size();
  }
}
