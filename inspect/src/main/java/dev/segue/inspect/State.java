package dev.segue.inspect;

/** What a task does in a {@link Span}. */
public enum State {
  /** It could run, and waits for its turn. */
  READY,
  /** It runs, or is in a JDK wait that holds the loop. */
  RUNNING,
  /** It waits for something. */
  WAITING
}
