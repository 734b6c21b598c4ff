package dev.segue.testing;

import dev.segue.Waiting;
import dev.segue.Wake;
import java.util.HashSet;
import java.util.Set;

/**
 * What other threads may do for a simulation's tasks. Where they are at work, the loop waits for
 * them, so that it does not matter how long they take; where nobody knows whether they will do
 * anything, it gives them some time. Loop-confined.
 */
final class OtherThreads {
  private static final long WORK_NANOS = 10_000_000_000L;
  private static final long QUIET_NANOS = 100_000_000;
  private static final long LOCK_NANOS = 20_000_000;

  private final Runner runner;
  private final Set<SimulatedTask> inJdkWaits = new HashSet<>();
  private int working; // for so many tasks
  private int inStages; // so many tasks wait for a stage, which anybody may complete

  private boolean held; // the loop, for work
  private long heldAt;
  private boolean impatient; // the work takes too long
  private boolean locked; // a task has begun a JDK wait since the last step of another
  private long lockedAt;
  private boolean quiet; // nothing has come since the loop became idle
  private long quietAt;

  OtherThreads(Runner runner) {
    this.runner = runner;
  }

  /** A task begins to wait. */
  void waiting(SimulatedTask task, Waiting on) {
    task.waitsFor = on.kind();
    task.waitsForWork = on.isForWork();
    if (task.waitsForWork) {
      working++;
      runner.haveSeenOthers();
    } else if (on.kind() == Waiting.Kind.FUTURE) {
      inStages++;
    } else if (on.kind() == Waiting.Kind.JDK) {
      inJdkWaits.add(task);
      if (!locked && runner.othersSeen()) {
        locked = true;
        lockedAt = System.nanoTime();
      }
    }
  }

  /**
   * A task goes on.
   *
   * @return whether another thread has ended a JDK wait: mostly one for a lock that the thread
   *     happened to have, so that it is best taken as if it had not been
   */
  boolean woken(SimulatedTask task, Wake by) {
    quiet = false;
    var waitedFor = task.waitsFor;
    task.waitsFor = null;
    if (task.waitsForWork) {
      task.waitsForWork = false;
      working--;
    } else if (waitedFor == Waiting.Kind.FUTURE) {
      inStages--;
    } else if (inJdkWaits.remove(task) && by == Wake.THREAD) {
      runner.haveSeenOthers();
      return true;
    }
    return false;
  }

  /** A task begins an ordinary step. */
  void stepped() {
    locked = false;
    quiet = false;
  }

  /** Whether the loop is to wait for other threads, though tasks may be ready. */
  boolean holdsLoop() {
    boolean wasHeld = held;
    held = working > 0 && !impatient;
    if (held && !wasHeld) {
      heldAt = System.nanoTime();
    }
    return held || holdsLoopForLock();
  }

  private boolean holdsLoopForLock() {
    return locked && !inJdkWaits.isEmpty() && System.nanoTime() - lockedAt < LOCK_NANOS;
  }

  /** Whether a task waits for a stage, which they may complete as well as another task. */
  boolean mayCompleteStages() {
    return inStages > 0;
  }

  /** Whether they may bring anything, as far as anybody knows. */
  private boolean mayBringSomething() {
    return inStages > 0 || !inJdkWaits.isEmpty();
  }

  /** For how long an idle loop is to wait for them; 0 if they have had their time. */
  long nanosToWait() {
    long now = System.nanoTime();
    if (held) {
      impatient = now - heldAt >= WORK_NANOS;
      if (impatient) {
        runner.remark(
            "work outside the loop has taken 10 s, and the tasks have gone on without it");
        return 0;
      }
      return QUIET_NANOS;
    }
    if (holdsLoopForLock()) {
      return LOCK_NANOS;
    }
    if (!mayBringSomething()) {
      return 0;
    }
    if (!quiet) {
      quiet = true;
      quietAt = now;
    }
    return Math.max(0, quietAt + (sleeps() ? WORK_NANOS : QUIET_NANOS) - now);
  }

  /** Whether a task is in a JDK wait that ends by itself. */
  private boolean sleeps() {
    for (var task : inJdkWaits) {
      var stack = task.task.stack();
      if (Sites.isTimed(stack)) {
        runner.remark(
            "task '" + task.task.name() + "' waits for real time to pass, at " + Sites.of(stack));
        return true;
      }
    }
    return false;
  }
}
