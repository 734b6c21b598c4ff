package dev.segue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What one task did when a {@link LoopSnapshot} was taken. What it waits for is put into words, and
 * time-outs are looked for, only when that is asked for: so that may be of a later moment. Any
 * thread.
 */
@AnyThread
public final class TaskSnapshot {
  /** How far a task was. */
  public enum State {
    /** It had not begun. */
    NEW,
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
  private final long waitedNanos;
  private final CancelNode innermost;
  private final TimeOuts timeOuts;

  /** Looks at a task. On the loop; where it is held, any thread that expects nonsense. */
  TaskSnapshot(
      Task<?> task,
      @Nullable Wait wait,
      List<Task<?>> targets,
      boolean isCurrent,
      long now,
      TimeOuts timeOuts) {
    this.task = task;
    var above = task.parent();
    this.parent = above == null ? null : above.owner();
    this.wait = wait;
    this.targets = targets;
    this.state = state(task, wait, isCurrent);
    this.waitedNanos = Math.max(0, now - task.waitsSince());
    this.innermost = task.innermost();
    this.timeOuts = timeOuts;
  }

  @LoopConfined
  private static State state(Task<?> task, @Nullable Wait wait, boolean isCurrent) {
    if (wait != null) {
      return State.WAITING;
    } else if (!task.hasStarted()) {
      return State.NEW;
    } else if (task.isInSegueWait()) {
      return State.READY;
    }
    return isCurrent ? State.RUNNING : State.JDK_WAIT;
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
   * Returns for how long the task had waited, to within about a tenth of a second.
   *
   * @return the time; zero if it did not wait
   */
  public Duration waited() {
    return state == State.WAITING || state == State.JDK_WAIT
        ? Duration.ofNanos(waitedNanos)
        : Duration.ZERO;
  }

  /**
   * Returns the number of what the task waited for, as {@link Waiting#number}.
   *
   * @return the number; 0 where it has none
   */
  @AnyThread(because = "the number of what is waited for does not change")
  public long number() {
    return wait == null ? 0 : wait.number();
  }

  /**
   * Returns what the task waited for, in words.
   *
   * @return a text such as {@code "sleep"}, or, of a JDK wait, the class of the object that the
   *     thread is parked on; empty if it does not wait
   */
  @AnyThread(because = "a text of a moment later will do")
  public String describe() {
    if (wait != null) {
      try {
        return wait.describe();
      } catch (RuntimeException _) { // what it describes has changed meanwhile
        return wait.kind().name().toLowerCase(Locale.ROOT);
      }
    }
    return state == State.JDK_WAIT ? describeJdkWait() : "";
  }

  private String describeJdkWait() {
    var blocker = LockSupport.getBlocker(task.thread());
    return switch (task.thread().getState()) {
      case BLOCKED -> "a monitor";
      case WAITING, TIMED_WAITING ->
          blocker == null ? Wait.JDK.describe() : blocker.getClass().getName();
      default -> "";
    };
  }

  /**
   * Returns the tasks that can end the wait, where it is only they: the tasks waited for, or the
   * one that holds the lock. In a snapshot there are at most about four for each task of the loop;
   * where tasks wait for more than that, some are left out.
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
    return timeOuts.isAround(innermost);
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

  // --- for this package

  @Nullable Wait currentWait() {
    return wait;
  }
}
