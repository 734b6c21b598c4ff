package dev.segue.testing;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One departure of a schedule from what an ordinary loop does. It is told by a task and what that
 * task itself has done so far, so that it means the same after a change elsewhere in the program.
 *
 * @param kind what departs
 * @param task the task, counted in the order of creation from 0, the main task
 * @param at which moment of the task's: see {@link Kind}
 * @param way which of the ways to go on, where there are several
 */
record Decision(Kind kind, int task, int at, int way) implements Comparable<Decision> {
  enum Kind {
    /** The task stays back before its step {@code at}, until no other task is ready. */
    HOLD("", "hold"),
    /** The task's step {@code at} lasts until the next timer is due. */
    SLOW("s", "slow step"),
    /** The task's scope {@code at} is cancelled before the {@code way}th step after its start. */
    CANCEL("c", "cancel"),
    /** The task's choice {@code at} among values takes value {@code way}. */
    VALUE("v", "choice");

    private final String letter;
    private final String noun;

    Kind(String letter, String noun) {
      this.letter = letter;
      this.noun = noun;
    }

    String noun(boolean plural) {
      return plural ? noun + "s" : noun;
    }

    private boolean hasWays() {
      return this == CANCEL || this == VALUE;
    }
  }

  private static final Comparator<Decision> ORDER =
      Comparator.comparing(Decision::kind)
          .thenComparingInt(Decision::task)
          .thenComparingInt(Decision::at)
          .thenComparingInt(Decision::way);

  static Decision hold(int task, int step) {
    return new Decision(Kind.HOLD, task, step, 0);
  }

  static Decision slow(int task, int step) {
    return new Decision(Kind.SLOW, task, step, 0);
  }

  static Decision cancel(int task, int scope, int steps) {
    return new Decision(Kind.CANCEL, task, scope, steps);
  }

  static Decision value(int task, int choice, int value) {
    return new Decision(Kind.VALUE, task, choice, value);
  }

  /** Reads what {@link #toString} has written; null if it is not that. */
  static @Nullable Decision parse(String text) {
    for (var kind : Kind.values()) {
      var numbers = kind.letter.isEmpty() ? text : text.substring(Math.min(1, text.length()));
      var pattern = kind.hasWays() ? "\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}" : "\\d{1,9}\\.\\d{1,9}";
      if (text.startsWith(kind.letter) && numbers.matches(pattern)) {
        var parts = numbers.split("\\.", -1);
        return new Decision(
            kind,
            Integer.parseInt(parts[0]),
            Integer.parseInt(parts[1]),
            kind.hasWays() ? Integer.parseInt(parts[2]) : 0);
      }
    }
    return null;
  }

  @Override
  public int compareTo(Decision other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind.letter + task + "." + at + (kind.hasWays() ? "." + way : "");
  }
}
