package dev.segue.testing;

/** How much of what can happen an {@link Exploration} has tried. */
public sealed interface Coverage {
  /** Every schedule has been tried. */
  record Exhausted() implements Coverage {
    @Override
    public String toString() {
      return "exhausted";
    }
  }

  /**
   * Every schedule with few departures from the ordinary one has been tried, and some others.
   *
   * @param holds with how many, at most
   */
  record AllWithin(int holds) implements Coverage {
    @Override
    public String toString() {
      return "all with at most " + holds + (holds == 1 ? " hold" : " holds") + ", and others";
    }
  }

  /**
   * Some schedules have been tried.
   *
   * @param seed what the random ones were made from: the same seed makes the same again
   */
  record Sampled(long seed) implements Coverage {
    @Override
    public String toString() {
      return "a sample with seed " + seed;
    }
  }
}
