package dev.segue.bench;

import java.util.Locale;

/** What process pools are measured at. */
public enum PoolWork {
  /** One tiny task at a time: submitted, run, its result received. */
  ROUND_TRIP("one tiny task at a time"),

  /** Many tiny tasks, all submitted before the first result is asked for. */
  AT_ONCE("many tiny tasks, all submitted at once"),

  /** Lists of 30,000 integers, sent to a worker and back. */
  LISTS("lists of 30,000 integers, there and back"),

  /** The time from the creation of a pool to its first result. */
  FIRST_RESULT("from the creation of a pool to its first result"),

  /** The article's sort, the start of the workers included. */
  SORT("the article's sort, the start of the workers included"),

  /** The same as {@code segue examples} has it, beside a program that sorts on one thread. */
  EXAMPLES("the article's sort as 'segue examples' has it, beside one thread"),

  /** The resident memory of a worker that has done one tiny task. */
  MEMORY("the resident memory of an idle worker"),

  /** Bytes, sent to a worker and back, from 1 B to 100 MB. */
  PAYLOAD("throughput against payload, from 1 B to 100 MB");

  private final String description;

  PoolWork(String description) {
    this.description = description;
  }

  /**
   * Returns the name as a command line has it.
   *
   * @return words joined by hyphens
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns what is measured.
   *
   * @return a short phrase
   */
  public String description() {
    return description;
  }
}
