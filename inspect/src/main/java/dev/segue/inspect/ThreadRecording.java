package dev.segue.inspect;

import java.util.List;

/**
 * What one thread did while JDK Flight Recorder looked on: {@link Recorder#recordThreads}.
 *
 * @param group what was recorded
 * @param name the thread's name
 * @param id the thread's id
 * @param spans what it did, in the order of time, and without gaps while it lived
 */
public record ThreadRecording(String group, String name, long id, List<Period> spans) {
  /** Copies the list. */
  public ThreadRecording {
    spans = List.copyOf(spans);
  }

  /**
   * A time in which a thread did one thing.
   *
   * @param state {@link State#WAITING}, or {@link State#RUNNING}, which includes the time that it
   *     waited for a processor
   * @param from when that began, in nanoseconds from the recording's beginning
   * @param to when it ended
   * @param doing where it waited, as {@code in Thread.sleep, at Race.java:41}; empty while it ran
   */
  public record Period(State state, long from, long to, String doing) {}
}
