package dev.segue;

import org.jspecify.annotations.Nullable;

/**
 * An observer of a loop's tasks, for recorders and other tools.
 *
 * <p>Called on the loop, but for {@link #stalled}, in the middle of its work: a method must be
 * quick, and its waits throw. What it throws is logged. Its looks at a task change nothing: a
 * failure that it has seen still counts as one that nothing has retrieved. Each does nothing unless
 * overridden. A loop without an instrument pays one test of a field.
 *
 * <p>Of a task it tells: created, ready, resumed; then, as often as the task waits, waiting,
 * (ready), resumed, returned; and at last done. What is not a wait of Segue's is told only as far
 * as the loop sees it: on the portable engine a JDK wait is part of a step.
 */
public interface Instrument {
  /**
   * A task was created and will run.
   *
   * @param task the task
   */
  default void created(Task<?> task) {}

  /**
   * A task became ready to run, and now waits for its turn.
   *
   * @param task the task
   * @param by what made it ready
   * @param waker the task that did, or that created it; null if none did
   * @param late how long the timer that did had been due, in nanoseconds of the loop's clock: the
   *     task could not go on since then; 0 if no timer did
   */
  default void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {}

  /**
   * A task runs: for the first time, or again after a wait.
   *
   * @param task the task
   */
  default void resumed(Task<?> task) {}

  /**
   * A task stopped running and waits. Told once the task has left the loop to the others: not of a
   * wait that throws at once, and not of a task that lets the others run once, which is {@link
   * #ready} at the same time.
   *
   * @param task the task
   * @param on what it waits for
   */
  default void waiting(Task<?> task, Waiting on) {}

  /**
   * A task goes on after a wait of Segue's. Told on the task's own thread, whose stack is that of
   * the task's code.
   *
   * @param task the task
   */
  default void returned(Task<?> task) {}

  /**
   * A task was told that it is cancelled: as a whole, or in the scope that it is in.
   *
   * @param task the task
   * @param reason why, in the canceller's words
   * @param by the task that cancelled it; null if another thread did, a time-out, or the loop
   */
  default void cancelRequested(Task<?> task, String reason, @Nullable Task<?> by) {}

  /** No task is ready: the loop waits for a timer or another thread, or its clock skips ahead. */
  default void idle() {}

  /**
   * The loop has ended: it was closed, and nothing more will happen on it. The last that is told.
   */
  default void ended() {}

  /**
   * A task ended.
   *
   * @param task the task
   * @param outcome how it ended
   */
  default void done(Task<?> task, Outcome<?> outcome) {}

  /**
   * A failure that nothing had retrieved was given to the loop's exception handler: once the
   * garbage collector has found that nothing refers to the task, or at the loop's end. A tool that
   * has to hear the same in each run holds the tasks itself, so that it is the end.
   *
   * @param task the task that failed, or what stands for it: its name, number and outcome are the
   *     same
   * @param failure what was thrown
   */
  default void unobserved(Task<?> task, Throwable failure) {}

  /**
   * Tasks wait for each other in a ring, and one of them is about to be told so.
   *
   * @param deadlock what will be thrown in the first task of the ring
   */
  default void deadlocked(DeadlockException deadlock) {}

  /**
   * A task has ended while it held a lock, which nobody can release now. The tasks that wait for it
   * still do, and are about to be told so.
   *
   * @param task the task
   * @param lock the number of the lock, as {@link Waiting#number}
   */
  default void abandoned(Task<?> task, long lock) {}

  /**
   * The loop has been held for 50 ms by a task, or by work of its own; told again each time that
   * has doubled. Called on the watchdog's thread, and at the same time as the other methods: what
   * it shares with them must be safe for that.
   *
   * @param stall what the watchdog sees now
   */
  default void stalled(Stall stall) {}
}
