package dev.segue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link LoopSnapshot} is taken: as references, which costs the loop some ns for each task;
 * what is made of it costs the loop nothing.
 *
 * <p>Of an idle loop it is taken from outside. Any other loop takes it itself, between two steps.
 * Where it does not get to that, because a task holds it, it is taken from outside after all; what
 * changes meanwhile may be missed, and then the snapshot says so.
 */
final class TaskCapture {
  /** A loop with steps so long that its turn takes longer counts as held. */
  private static final long MOST_NANOS = 2_000_000_000;

  private static final long MILLIS_BETWEEN_LOOKS = 2;
  private static final int MOST_TRIES = 5;
  private static final int TASKS_FOR_A_TRY = 10_000;

  // The bounds of a walk: from outside it may run in circles.
  private static final int SPARE = 1_000;
  private static final int NODES_FOR_A_TASK = 16;

  /** Many tasks may wait for the same many: what is told of them must not take the loop long. */
  private static final int TARGETS_FOR_A_TASK = 4;

  private final Kernel kernel;
  private final long time = System.nanoTime();
  private final int live;
  private final List<TaskSnapshot> tasks;
  private final TimeOuts timeOuts = new TimeOuts();
  private final List<Task<?>> targets = new ArrayList<>(); // of one task
  private final Predicate<Task<?>> addTarget = this::addTarget;
  private long targetsLeft;
  private long nanosOnLoop;

  private TaskCapture(Kernel kernel) {
    this.kernel = kernel;
    live = kernel.liveTasks();
    tasks = new ArrayList<>(live + SPARE);
    targetsLeft = SPARE + (long) TARGETS_FOR_A_TASK * live;
  }

  /**
   * Takes a snapshot, on any thread.
   *
   * @param patienceNanos a loop that makes no step for so long is held
   */
  static LoopSnapshot of(Kernel kernel, long patienceNanos) {
    if (kernel.isOnLoop()) {
      return new TaskCapture(kernel).onLoop();
    }
    // Several times where there are many: then the JVM has compiled what the loop has to execute.
    int tries = 1 + Math.min(MOST_TRIES, kernel.liveTasks() / TASKS_FOR_A_TRY);
    for (int i = 0; i < tries; i++) {
      boolean wasStill = isStill(kernel);
      var outside = new TaskCapture(kernel).fromOutside();
      if (wasStill && outside.complete() && isStill(kernel)) {
        return outside;
      }
    }
    var errand = new Errand(kernel);
    boolean isDone = kernel.wake(errand) && errand.await(patienceNanos);
    var taken = isDone ? errand.taken : null;
    return taken == null ? new TaskCapture(kernel).fromOutside() : taken.snapshot(true);
  }

  private static boolean isStill(Kernel kernel) {
    return kernel.isIdle() || kernel.carrier() == null;
  }

  /** Has the loop take it. */
  private static final class Errand extends Inbox.Message {
    private final Kernel kernel;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean cancelled;
    private volatile @Nullable TaskCapture taken;

    Errand(Kernel kernel) {
      this.kernel = kernel;
    }

    /** Waits for the loop; false if it is held, or has ended. */
    boolean await(long patience) {
      long began = System.nanoTime();
      long moved = began;
      long steps = kernel.steps();
      try {
        while (!over.await(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
          long now = System.nanoTime();
          if (steps != kernel.steps() || kernel.isIdle()) {
            steps = kernel.steps();
            moved = now;
          }
          boolean isHeld = now - moved > patience || now - began > Math.max(patience, MOST_NANOS);
          if (isHeld || kernel.carrier() == null) {
            cancelled = true;
            return false;
          }
        }
        return true;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        cancelled = true;
        return false;
      }
    }

    @Override
    void receive() {
      try {
        if (!cancelled) {
          var capture = new TaskCapture(kernel);
          capture.walk(Long.MAX_VALUE);
          capture.nanosOnLoop = System.nanoTime() - capture.time;
          taken = capture;
        }
      } catch (Throwable _) {
        // No memory, say. Then not: the loop has work to do.
      } finally {
        over.countDown();
      }
    }
  }

  private LoopSnapshot onLoop() {
    walk(Long.MAX_VALUE);
    nanosOnLoop = System.nanoTime() - time;
    return snapshot(true);
  }

  private LoopSnapshot fromOutside() {
    long steps = kernel.steps();
    boolean complete;
    try {
      walk((long) NODES_FOR_A_TASK * (live + SPARE));
      complete = tasks.size() == live && live == kernel.liveTasks() && steps == kernel.steps();
    } catch (RuntimeException _) { // the tree has changed under it
      complete = false;
    }
    return snapshot(complete);
  }

  private LoopSnapshot snapshot(boolean complete) {
    return new LoopSnapshot(kernel.loop(), tasks, complete, Duration.ofNanos(nanosOnLoop));
  }

  @AnyThread(because = "a walk from outside is bounded, and what it has seen is checked")
  private void walk(long nodes) {
    var root = kernel.root();
    var running = kernel.currentTask();
    int most = live + SPARE;
    long left = nodes;
    for (var node = root.following(root, true);
        node != root && tasks.size() < most && left > 0;
        node = node.following(root, true)) {
      left--;
      if (node instanceof Task<?> task && !task.isDone()) {
        var wait = task.currentWait();
        tasks.add(new TaskSnapshot(task, wait, targets(wait), task == running, time, timeOuts));
      }
    }
  }

  @AnyThread(because = "as walk")
  private List<Task<?>> targets(@Nullable Wait wait) {
    if (wait == null || targetsLeft <= 0) {
      return List.of();
    }
    targets.clear();
    wait.visitTargets(addTarget);
    return targets.isEmpty() ? List.of() : List.copyOf(targets);
  }

  private boolean addTarget(Task<?> task) {
    targets.add(task);
    return --targetsLeft > 0;
  }
}
