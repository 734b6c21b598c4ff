package dev.segue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one task did when a {@link LoopSnapshot} was taken. What it waits for is put into words only
 * when that is asked for, so the words may be of a later moment. Any thread.
 */
@AnyThread
public final class TaskSnapshot {
  /** How far a task was. */
  public enum State {
    /** It could run, and waited for its turn. */
    READY,
    /** It ran, and so held the loop. */
    RUNNING,
    /** It was in a wait of Segue's. */
    WAITING,
    /** It was in a wait of the JDK's, or had been and waited for its turn. */
    JDK_WAIT
  }

  private final Task<?> task;
  private final @Nullable Task<?> parent;
  private final State state;
  private final @Nullable Wait wait;
  private final List<Task<?>> targets;
  private final long number;
  private final boolean mayTimeOut;

  /** Looks at a task. On the loop; where it is held, any thread that expects nonsense. */
  TaskSnapshot(Task<?> task, boolean running) {
    this.task = task;
    var above = task.parent();
    this.parent = above == null ? null : above.owner();
    this.wait = task.currentWait();
    this.state = state(task, running);
    var found = new ArrayList<Task<?>>(1);
    if (wait != null) {
      wait.targets(found::add);
    }
    this.targets = List.copyOf(found);
    this.number = wait == null ? 0 : wait.number();
    this.mayTimeOut = WaitGraph.mayBeEnded(task);
  }

  @LoopConfined
  private static State state(Task<?> task, boolean running) {
    if (running && !task.isInSegueWait()) {
      return State.RUNNING;
    }
    if (task.currentWait() != null) {
      return State.WAITING;
    }
    return task.isInJdkWait() ? State.JDK_WAIT : State.READY;
  }

  /**
   * Returns the task.
   *
   * @return the task, which may have ended since
   */
  public Task<?> task() {
    return task;
  }

  /**
   * Returns the task in whose group or scope this one was created.
   *
   * @return that task; null for one that belongs to the loop
   */
  public @Nullable Task<?> parent() {
    return parent;
  }

  /**
   * Returns what the task did.
   *
   * @return the state
   */
  public State state() {
    return state;
  }

  /**
   * Returns what kind of thing the task waited for.
   *
   * @return the kind; null if it did not wait
   */
  public Waiting.@Nullable Kind kind() {
    return wait != null ? wait.kind() : state == State.JDK_WAIT ? Waiting.Kind.JDK : null;
  }

  /**
   * Returns the number of what the task waited for, as {@link Waiting#number}.
   *
   * @return the number; 0 where it has none
   */
  public long number() {
    return number;
  }

  /**
   * Returns what the task waited for, in words.
   *
   * @return a text such as {@code "sleep"}; empty if it did not wait
   */
  public String describe() {
    if (wait != null) {
      return wait.describe();
    }
    return state == State.JDK_WAIT ? Wait.JDK.describe() : "";
  }

  /**
   * Returns the tasks that can end the wait, where it is only they: the tasks waited for, or the
   * one that holds the lock.
   *
   * @return the tasks; empty if anything may end it
   */
  public List<Task<?>> targets() {
    return targets;
  }

  /**
   * Returns whether a time-out around the task, or a cancel on its way to it, may end its wait.
   *
   * @return whether there is one
   */
  public boolean mayTimeOut() {
    return mayTimeOut;
  }

  /**
   * Returns the object that the task's thread is parked on now, as the JDK tells: of a {@link
   * java.util.concurrent.locks.ReentrantLock}, an object inside it.
   *
   * @return the object; null if the task is in no such wait
   */
  public @Nullable Object blocker() {
    return state == State.JDK_WAIT ? LockSupport.getBlocker(task.thread()) : null;
  }
}
