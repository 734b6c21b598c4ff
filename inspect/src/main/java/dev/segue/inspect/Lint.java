package dev.segue.inspect;

/** What a {@link Finding} is about. */
public enum Lint {
  /** Tasks wait for each other in a ring. */
  DEADLOCK,
  /** A task or thread overwrote what another one had written since it read it. */
  LOST_UPDATE,
  /** All tasks of a loop wait for what only tasks bring. */
  NOTHING_LEFT_TO_RUN,
  /** A task did not let the others run for long. */
  HELD_LOOP,
  /** A task held its loop in a wait of the JDK's, on the portable engine. */
  JDK_WAIT,
  /** A task held its loop in a blocking system call: files, pipes, name look-ups. */
  SYSTEM_CALL,
  /** A task waited mostly for its turn. */
  LONG_READY,
  /** A timer was late, though no task held the loop. */
  LATE_TIMER,
  /** A task let the others run again and again, and waited for nothing. */
  SPINNING,
  /** A task failed, and nothing saw it. */
  UNSEEN_FAILURE,
  /** A task held a lock while it waited for long for something else. */
  HELD_LOCK,
  /** A task ended while it held a lock. */
  ABANDONED_LOCK,
  /** Tasks waited all the time for room in a queue. */
  FULL_QUEUE,
  /** Tasks waited all the time for the next item of a queue. */
  EMPTY_QUEUE,
  /** More tasks are created than end. */
  GROWTH
}
