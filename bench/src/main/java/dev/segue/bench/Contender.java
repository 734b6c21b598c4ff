package dev.segue.bench;

/** Who does a work. */
public enum Contender {
  /** Segue's {@code ProcessPoolExecutor}. */
  SEGUE("Segue"),

  /** CPython's {@code concurrent.futures.ProcessPoolExecutor}. */
  CPYTHON("CPython"),

  /** JVMs and Unix-domain sockets with no pool around them: what a pool cannot go below. */
  BARE("bare JVMs");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /**
   * Returns the name for people.
   *
   * @return a word or two
   */
  public String title() {
    return title;
  }
}
