package dev.segue;

/** What made a task ready to run, as an {@link Instrument} is told. */
public enum Wake {
  /** The task is new. */
  START,
  /** The task that runs did: it ended, released a lock, put an item, cancelled. */
  TASK,
  /** A timer was due: of a sleep, a time-out, a deadline. */
  TIMER,
  /** Another thread did: it ended what the task waited for, or cancelled. */
  THREAD,
  /** The task let the others run once, and waits for nothing. */
  YIELD
}
