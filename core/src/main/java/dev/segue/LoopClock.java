package dev.segue;

import java.time.InstantSource;

/**
 * The time that a loop's sleeps, deadlines and time-outs are measured in.
 *
 * <p>A loop uses the real clock unless it is given another, such as the virtual clock of the {@code
 * dev.segue.testing} module. One clock serves one loop. The loop calls {@link #beginTurn}, {@link
 * #skipTo} and {@link #realNanosUntil} on its own thread; the other methods may be called from any
 * thread.
 */
public interface LoopClock extends InstantSource {
  /**
   * Returns the time elapsed since some fixed moment, in nanoseconds; never decreasing, never
   * negative.
   *
   * @return the elapsed time in nanoseconds
   */
  long nanoTime();

  /**
   * Returns how long, in real nanoseconds, the loop's thread may park until this clock reads {@code
   * deadline}; {@link Long#MAX_VALUE} where real time does not move this clock.
   *
   * @param deadline a reading of {@link #nanoTime()}, {@link Long#MAX_VALUE} for never
   * @return real nanoseconds
   */
  long realNanosUntil(long deadline);

  /**
   * Tells this clock that a turn of the loop begins: the timers that are due by now fire next, then
   * the ready tasks run, if there are any. A clock may let time pass here while tasks are ready, as
   * if they were slow. With a {@link Schedule} whose size is never more than 1, a turn is a step of
   * one task. Called once more in the turn if timers have fired; time that passes then lets others
   * fire in the next turn. Does nothing unless overridden.
   *
   * @param earliest when the earliest timer is due, as a reading of {@link #nanoTime()}; {@link
   *     Long#MAX_VALUE} where there is none
   */
  default void beginTurn(long earliest) {}

  /**
   * Tells this clock that nothing can happen before {@code deadline}: every task of the loop is in
   * a Segue wait, no executor works for one, and the earliest timer is due then. A virtual clock
   * moves itself there.
   *
   * @param deadline a later reading of {@link #nanoTime()}
   * @return whether this clock now reads {@code deadline} or later
   */
  boolean skipTo(long deadline);
}
