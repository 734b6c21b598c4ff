package dev.segue.bench;

import java.util.Locale;

/** What a cluster is measured at. */
public enum ClusterWork {
  /** One tiny task at a time: submitted, run, its result received. */
  ROUND_TRIP,

  /** Many tiny tasks, all submitted before the first result is asked for. */
  AT_ONCE,

  /** Lists of 30,000 integers, sent to an executor and back. */
  LISTS,

  /** The article's sort on executors that are warm. */
  SORT,

  /** The article's sort, the start of the executors included. */
  COLD_SORT,

  /** The driver's memory while it submits a million tasks to a queue of a hundred thousand. */
  MEMORY,

  /** The speed of tasks that compute, against their length. */
  LENGTH;

  /**
   * Returns the name as a command line has it.
   *
   * @return words joined by hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
