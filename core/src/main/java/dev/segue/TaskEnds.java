package dev.segue;

import dev.segue.futures.internal.FutureEnds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ends of tasks of one loop, for a task of that loop, which waits for the next one suspended.
 * Cancels none of them. Its clock is the loop's.
 */
@LoopConfined
final class TaskEnds<T extends @Nullable Object> extends FutureEnds<Task<T>, RuntimeException>
    implements Wait {
  private final Task<?> waiter;
  private final ArrayDeque<Task<T>> ended; // with room for all: an end must not need memory
  private final List<Observer> observers = new ArrayList<>();
  private @Nullable Deadline deadline;
  private boolean expired;

  TaskEnds(Task<?> waiter, Set<Task<T>> tasks) {
    super(tasks);
    this.waiter = waiter;
    this.ended = new ArrayDeque<>(tasks.size());
    for (var task : tasks) {
      if (task.isDone()) {
        ended.add(task);
      } else {
        var observer = new Observer(task);
        observers.add(observer);
        task.observe(observer);
      }
    }
  }

  private final class Observer extends TaskObserver {
    private final Task<T> task;

    Observer(Task<T> task) {
      this.task = task;
    }

    @Override
    void taskEnded(Task<?> same) {
      ended.add(task);
      waiter.wakeUp(TaskEnds.this);
    }
  }

  private final class Deadline extends Timer {
    Deadline(long at) {
      super(at);
    }

    @Override
    void fire() {
      expired = true;
      waiter.wakeUp(TaskEnds.this);
    }
  }

  @Override
  protected @Nullable Task<T> poll(long until) {
    if (!ended.isEmpty() || expired) {
      return ended.poll();
    }
    waiter.checkCancelled();
    if (until <= waiter.kernel().clock().nanoTime()) {
      expired = true;
      waiter.checkpoint(); // one look, as every wait gives others one turn
      return ended.poll();
    }
    if (deadline == null) {
      deadline = new Deadline(until);
      waiter.kernel().timers().add(deadline);
    }
    waiter.suspend(this);
    return ended.poll();
  }

  @Override
  public void close() {
    if (deadline != null) {
      waiter.kernel().timers().remove(deadline);
    }
    for (var observer : observers) {
      if (!observer.task.isDone()) {
        observer.task.withdraw(observer);
      }
    }
  }

  /** The tasks in the order in which they end. */
  Iterator<Task<T>> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left() > 0;
      }

      @Override
      public Task<T> next() {
        if (Task.current("Async.asCompleted") != waiter) {
          throw new IllegalStateException(
              "this iterator belongs to " + waiter + "; iterate in the task that created it");
        }
        waiter.checkCancelled();
        return TaskEnds.this.next();
      }
    };
  }

  @Override
  public boolean abort() {
    return true;
  }

  @Override
  public String describe() {
    return "the next of " + left() + " task(s)";
  }
}
