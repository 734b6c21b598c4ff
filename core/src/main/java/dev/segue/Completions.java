package dev.segue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Waits for some of several tasks of one loop. They cancel none of the tasks. */
final class Completions {
  private Completions() {}

  static <T extends @Nullable Object> Done<Task<T>> waitFor(
      Set<Task<T>> tasks, ReturnWhen when, long nanos) {
    var waiter = Task.current("Async.waitFor");
    waiter.checkCancelled();
    var wait = new Some<T>(waiter, tasks, when, nanos);
    if (!wait.isOver()) {
      if (nanos == 0) {
        waiter.checkpoint();
      } else {
        wait.suspend();
      }
    }
    var done = new LinkedHashSet<Task<T>>();
    var pending = new LinkedHashSet<Task<T>>();
    for (var task : tasks) {
      (task.isDone() ? done : pending).add(task);
    }
    return new Done<>(done, pending);
  }

  /** The tasks in the order in which they end. */
  static <T extends @Nullable Object> Iterator<Task<T>> iterator(Set<Task<T>> tasks) {
    return new InOrder<>(Task.current("Async.asCompleted"), tasks);
  }

  /** A wait for some of several tasks, or for a time-out. */
  private static final class Some<T extends @Nullable Object> extends Timer implements Wait {
    private final Task<?> waiter;
    private final Set<Task<T>> tasks;
    private final ReturnWhen when;
    private final List<Observer> observers = new ArrayList<>();
    private int pending;
    private boolean enough;

    Some(Task<?> waiter, Set<Task<T>> tasks, ReturnWhen when, long nanos) {
      super(Durations.deadline(waiter.kernel().clock().nanoTime(), nanos));
      this.waiter = waiter;
      this.tasks = tasks;
      this.when = when;
      for (var task : tasks) {
        if (task.isDone()) {
          count(task);
        } else {
          pending++;
        }
      }
    }

    boolean isOver() {
      return enough || pending == 0;
    }

    private void count(Task<?> task) {
      enough |=
          switch (when) {
            case FIRST_COMPLETED -> true;
            case FIRST_FAILED -> !(task.ended() instanceof Outcome.Success<?>);
            case ALL_COMPLETED -> false;
          };
    }

    void suspend() {
      for (var task : tasks) {
        if (!task.isDone()) {
          var observer = new Observer(task);
          observers.add(observer);
          task.addObserver(observer);
        }
      }
      waiter.kernel().timers().add(this);
      try {
        waiter.suspend(this);
      } finally {
        abort();
      }
    }

    @Override
    void fire() {
      waiter.wakeUp(this);
    }

    @Override
    public boolean abort() {
      waiter.kernel().timers().remove(this);
      for (var observer : observers) {
        if (!observer.task.isDone()) {
          observer.task.removeObserver(observer);
        }
      }
      observers.clear();
      return true;
    }

    @Override
    public String describe() {
      return "some of " + tasks.size() + " task(s)";
    }

    private final class Observer extends TaskObserver {
      private final Task<?> task;

      Observer(Task<?> task) {
        this.task = task;
      }

      @Override
      void taskDone(Task<?> ended) {
        pending--;
        count(ended);
        if (isOver()) {
          waiter.wakeUp(Some.this);
        }
      }
    }
  }

  /** An iterator whose every step waits for the next task to end. */
  private static final class InOrder<T extends @Nullable Object>
      implements Iterator<Task<T>>, Wait {
    private final Task<?> waiter;
    private final ArrayDeque<Task<T>> ended = new ArrayDeque<>();
    private int left;
    private boolean waiting;

    InOrder(Task<?> waiter, Set<Task<T>> tasks) {
      this.waiter = waiter;
      this.left = tasks.size();
      for (var task : tasks) {
        if (task.isDone()) {
          ended.add(task);
        } else {
          task.addObserver(
              new TaskObserver() {
                @Override
                void taskDone(Task<?> done) {
                  ended.add(task);
                  if (waiting) {
                    waiter.wakeUp(InOrder.this);
                  }
                }
              });
        }
      }
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public Task<T> next() {
      if (left == 0) {
        throw new NoSuchElementException("every task has been returned");
      }
      if (Task.current("Async.asCompleted") != waiter) {
        throw new IllegalStateException(
            "this iterator belongs to " + waiter + "; iterate in the task that asked for it");
      }
      waiter.checkCancelled();
      if (ended.isEmpty()) {
        waiting = true;
        try {
          waiter.suspend(this);
        } finally {
          waiting = false;
        }
      }
      left--;
      return ended.remove();
    }

    @Override
    public boolean abort() {
      return true;
    }

    @Override
    public String describe() {
      return "the next of " + left + " task(s)";
    }
  }
}
