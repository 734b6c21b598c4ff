package dev.segue;

import dev.segue.futures.internal.FutureEnds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ends of tasks of one loop, for a task of that loop, which waits for the next one suspended.
 * Cancels none of them. Its clock is the loop's.
 */
@LoopConfined
final class TaskEnds<K extends Task<?>> extends FutureEnds<K, RuntimeException> implements Wait {
  private final Task<?> waiter;
  private final ArrayDeque<K> ended; // with room for all: an end must not need memory
  private final List<Observer> observers = new ArrayList<>(); // one for each task
  private boolean watching;
  private @Nullable Deadline deadline;
  private boolean expired;

  TaskEnds(Task<?> waiter, Set<K> tasks) {
    super(tasks);
    this.waiter = waiter;
    this.ended = new ArrayDeque<>(tasks.size());
    for (var task : tasks) {
      observers.add(new Observer(task));
    }
    watch();
  }

  private final class Observer extends TaskObserver.OnLoop {
    private final K task;
    private boolean told;

    Observer(K task) {
      this.task = task;
    }

    @Override
    void taskEnded(Task<?> same) {
      tell();
      waiter.wakeUp(TaskEnds.this);
    }

    void tell() {
      if (!told) {
        told = true;
        ended.add(task);
      }
    }
  }

  /** Observes the tasks whose ends have not been told. */
  private void watch() {
    watching = true;
    observers.replaceAll(before -> {
      if (before.task.isDone()) {
        before.tell();
      }
      if (before.told) {
        return before;
      }
      var observer = new Observer(before.task);
      observer.task.observe(observer);
      return observer;
    });
  }

  /** What a wait that was given up left with the tasks would stay until they end. */
  private void stopWatching() {
    if (watching) {
      watching = false;
      for (var observer : observers) {
        if (!observer.task.isDone()) {
          observer.task.withdraw(observer);
        }
      }
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
  protected @Nullable K poll(long until) {
    if (!ended.isEmpty() || expired) {
      return ended.poll();
    }
    waiter.checkCancelled();
    if (!watching) {
      watch();
      if (!ended.isEmpty()) {
        return ended.poll();
      }
    }
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
    stopWatching();
  }

  /** The tasks in the order in which they end. */
  Iterator<K> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left() > 0;
      }

      @Override
      public K next() {
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
    stopWatching();
    return true;
  }

  @Override
  public Kind kind() {
    return Kind.TASKS;
  }

  /** One of them will do, so these are no edges of the {@link WaitGraph}, which needs all. */
  @Override
  public void visitTargets(Predicate<Task<?>> visitor) {
    boolean goesOn = true;
    for (int i = 0; i < observers.size() && goesOn; i++) { // others may look, so no iterator
      var observer = observers.get(i);
      goesOn = observer.told || visitor.test(observer.task);
    }
  }

  @Override
  public String describe() {
    return "the next of " + left() + " task(s)";
  }
}
