package dev.segue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one loop at one moment, as references: taking it costs the loop some ns for each
 * task, and making a text of it costs the loop nothing.
 *
 * <p>Of an idle loop it is taken from outside. Any other loop takes it itself, between two steps.
 * Where it does not get to that, because a task holds it, it is taken from outside after all; what
 * changes meanwhile may be missed, and then this says so.
 */
final class TaskCapture {
  /** What a task does. */
  enum State {
    NEW,
    RUNNING,
    READY,
    /** In a Segue wait. */
    WAITING,
    /** In a wait of the JDK's, or ready after one. */
    ELSEWHERE
  }

  /** A loop that makes no step for so long is held. */
  private static final long PATIENCE_NANOS = 150_000_000;

  private static final long MOST_NANOS = 2_000_000_000;
  private static final long NANOS_BETWEEN_LOOKS = 2_000_000;
  private static final int SPARE = 1_000;
  private static final int MOST_TRIES = 5;
  private static final int TASKS_FOR_A_TRY = 10_000;

  /**
   * One task.
   *
   * @param task the task
   * @param state what it did
   * @param on the Segue wait that it was in
   * @param since when it began to wait, as {@link Coroutine#waitsSince} tells it
   * @param parent the task whose group it is in
   * @param target the one task that it waited for, by itself or by a lock
   */
  record Seen(
      Task<?> task,
      State state,
      @Nullable Wait on,
      long since,
      @Nullable Task<?> parent,
      @Nullable Task<?> target) {}

  private final long time = System.nanoTime();
  private final List<Seen> tasks;
  private long nanosOnLoop;
  private boolean complete = true;

  private TaskCapture(int most) {
    tasks = new ArrayList<>(most);
  }

  /** Takes it, on any thread but the loop's; null if the loop has ended. */
  static @Nullable TaskCapture of(Kernel kernel) {
    // Several times where there are many: then the JVM has compiled what the loop has to execute.
    int tries = 1 + Math.min(MOST_TRIES, kernel.liveTasks() / TASKS_FOR_A_TRY);
    for (int i = 0; i < tries; i++) {
      boolean wasIdle = kernel.isIdle();
      var outside = fromOutside(kernel);
      if (wasIdle && outside.complete && kernel.isIdle()) {
        return kernel.carrier() == null ? null : outside;
      }
    }
    var errand = new Errand(kernel, Thread.currentThread());
    if (!kernel.wake(errand) || kernel.carrier() == null) {
      return null;
    }
    boolean isHeld = !errand.await();
    return isHeld || errand.taken == null ? fromOutside(kernel) : errand.taken;
  }

  /** Has the loop take it. */
  private static final class Errand extends Inbox.Message {
    private final Kernel kernel;
    private final Thread asker;
    private volatile boolean cancelled;
    private volatile boolean over;
    private volatile @Nullable TaskCapture taken;

    Errand(Kernel kernel, Thread asker) {
      this.kernel = kernel;
      this.asker = asker;
    }

    /** Waits for the loop; false if it is held, or has ended. */
    boolean await() {
      long began = System.nanoTime();
      long moved = began;
      long steps = kernel.steps();
      for (long now = began; !over; now = System.nanoTime()) {
        if (steps != kernel.steps() || kernel.isIdle()) {
          steps = kernel.steps();
          moved = now;
        }
        boolean isHeld = now - moved > PATIENCE_NANOS || now - began > MOST_NANOS;
        if (isHeld || kernel.carrier() == null) {
          cancelled = true;
          return false;
        }
        LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
      }
      return true;
    }

    @Override
    void receive() {
      if (!cancelled) {
        try {
          taken = onLoop(kernel);
        } catch (OutOfMemoryError _) {
          // Then not; the loop has work to do.
        }
        over = true;
        LockSupport.unpark(asker);
      }
    }
  }

  private static TaskCapture onLoop(Kernel kernel) {
    int most = kernel.liveTasks() + SPARE;
    var capture = new TaskCapture(most);
    capture.walk(kernel, most);
    capture.nanosOnLoop = System.nanoTime() - capture.time;
    return capture;
  }

  private static TaskCapture fromOutside(Kernel kernel) {
    long steps = kernel.steps();
    int live = kernel.liveTasks();
    var capture = new TaskCapture(live + SPARE);
    try {
      capture.walk(kernel, live + SPARE);
      capture.complete =
          capture.tasks.size() == live && live == kernel.liveTasks() && steps == kernel.steps();
    } catch (RuntimeException _) { // the tree has changed under it
      capture.complete = false;
    }
    return capture;
  }

  @AnyThread(because = "a walk from outside is bounded, and what it has seen is checked")
  private void walk(Kernel kernel, int most) {
    var root = kernel.root();
    var running = kernel.currentTask();
    for (var node = root.following(root, true);
        node != root && tasks.size() < most;
        node = node.following(root, true)) {
      if (node instanceof Task<?> task && !task.isDone()) {
        tasks.add(seen(task, running));
      }
    }
  }

  @AnyThread(because = "as walk")
  private static Seen seen(Task<?> task, @Nullable Task<?> running) {
    var wait = task.currentWait();
    var above = task.parent();
    return new Seen(
        task,
        state(task, wait, running),
        wait,
        task.waitsSince(),
        above == null ? null : above.owner(),
        wait instanceof TaskWait only ? only.onlyTarget() : null);
  }

  @AnyThread(because = "as walk")
  private static State state(Task<?> task, @Nullable Wait wait, @Nullable Task<?> running) {
    if (wait != null) {
      return State.WAITING;
    } else if (!task.hasStarted()) {
      return State.NEW;
    } else if (task.isInSegueWait()) {
      return State.READY;
    }
    return task == running ? State.RUNNING : State.ELSEWHERE;
  }

  // --- what was taken

  /** The tasks, each after the one whose group it is in. */
  List<Seen> tasks() {
    return tasks;
  }

  /** Whether nothing was missed. */
  boolean isComplete() {
    return complete;
  }

  /** For how long the loop took it; 0 where it was taken from outside. */
  long nanosOnLoop() {
    return nanosOnLoop;
  }

  /** For how long a task had waited. */
  long waitedNanos(Seen seen) {
    return Math.max(0, time - seen.since);
  }
}
