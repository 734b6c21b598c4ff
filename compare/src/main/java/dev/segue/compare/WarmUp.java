package dev.segue.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * When a model is warm: after Georges, Buytaert and Eeckhout, "Statistically rigorous Java
 * performance evaluation" (OOPSLA 2007), as soon as the coefficient of variation of the last few
 * repetitions is below a threshold. They take ten, below 1 or 2 %. Here it is five below 3 %, as
 * there is a limit of time too: a busy machine may never be that even. Nor does it count in the
 * first half of that time: short repetitions are alike long before the JIT compiler has come to
 * their jobs.
 *
 * <p>None is begun whose jobs would probably pass the limit, but for the first. What a repetition
 * takes besides, such as a look at the results, counts only after five.
 */
final class WarmUp {
  private static final int WINDOW = 5;
  private static final double EVEN = 0.03;

  private final long limit;
  private final List<Double> walls = new ArrayList<>();
  private long ran;
  private long spent;
  private boolean over;

  WarmUp(Duration limit) {
    this.limit = limit.toNanos();
  }

  /**
   * Adds a repetition.
   *
   * @param wall what it took, in nanoseconds
   * @param all the same with all that belongs to it
   */
  void add(long wall, long all) {
    walls.add((double) wall);
    ran += wall;
    spent += all;
    over =
        (isEven() && spent >= limit / 2)
            || ran + wall > limit
            || (count() >= WINDOW && spent + all > limit);
  }

  boolean isOver() {
    return over;
  }

  int count() {
    return walls.size();
  }

  /** How much of it is over, 0 to 1. */
  double done() {
    return over ? 1 : Math.min(1, (double) spent / Math.max(1, limit));
  }

  /** Whether the last few were alike. */
  boolean isEven() {
    int n = walls.size();
    return n >= WINDOW && variation(walls.subList(n - WINDOW, n)) < EVEN;
  }

  /** The standard deviation, as a part of the mean. */
  static double variation(List<Double> samples) {
    double mean = samples.stream().mapToDouble(each -> each).average().orElseThrow();
    double squares = samples.stream().mapToDouble(each -> (each - mean) * (each - mean)).sum();
    return Math.sqrt(squares / (samples.size() - 1)) / mean;
  }
}
