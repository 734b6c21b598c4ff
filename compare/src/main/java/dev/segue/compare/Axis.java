package dev.segue.compare;

import dev.segue.compare.Report.Point;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The values of what was varied, as numbers.
 *
 * @param name what was varied
 * @param kind what its values are
 * @param values a number for each point, in order: times are in nanoseconds; texts are counted
 * @param texts how the values were given
 */
record Axis(String name, Kind kind, List<Double> values, List<String> texts) {
  enum Kind {
    /** Of the length of a job. */
    TIME_OF_A_JOB,
    TIME,
    NUMBER,
    /** No order, and nothing between two of them. */
    TEXT
  }

  static Axis of(List<Point> points) {
    var name = Objects.requireNonNullElse(points.getFirst().swept(), "value");
    var texts =
        points.stream().map(point -> Objects.requireNonNullElse(point.value(), "")).toList();
    if (texts.stream().allMatch(Axis::isNumber)) {
      return new Axis(name, Kind.NUMBER, texts.stream().map(Axis::number).toList(), texts);
    } else if (texts.stream().allMatch(Axis::isTime)) {
      boolean ofJob = points.stream().allMatch(Axis::isLengthOfJob);
      return new Axis(
          name,
          ofJob ? Kind.TIME_OF_A_JOB : Kind.TIME,
          texts.stream().map(Axis::time).toList(),
          texts);
    }
    var numbers = new ArrayList<Double>();
    texts.forEach(_ -> numbers.add((double) numbers.size()));
    return new Axis(name, Kind.TEXT, List.copyOf(numbers), texts);
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9][0-9_]*(\\.[0-9]+)?");
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace("_", ""));
  }

  private static boolean isTime(String text) {
    try {
      Times.parse(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static double time(String text) {
    return Times.parse(text).toNanos();
  }

  private static boolean isLengthOfJob(Point point) {
    var profile = point.profile();
    var value = time(Objects.requireNonNull(point.value()));
    return profile != null && Math.abs(profile.median() - value) <= 0.5 * value;
  }

  boolean isOrdered() {
    return kind != Kind.TEXT;
  }

  /** Whether its values are better shown by their logarithms. */
  boolean isLogarithmic() {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return isOrdered() && least > 0 && most >= 10 * least;
  }

  /** A value that was not measured in a sentence, with as many digits as may be right. */
  String about(double value) {
    return at(rounded(value));
  }

  /** How sure that is, as {@code (between 2 and 2.7)}; empty if it is as sure as the digits. */
  String between(Estimate estimate) {
    double low = rounded(estimate.low());
    double high = rounded(estimate.high());
    return low == high
        ? ""
        : " (between %s)"
            .formatted(
                kind == Kind.NUMBER
                    ? Figures.number(low) + " and " + Figures.number(high)
                    : Figures.range(new Estimate(low, low, high)).replace(" to ", " and "));
  }

  /** To two digits. */
  private static double rounded(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(2)).doubleValue();
  }

  /** The value of a point below an axis. */
  String tick(int point) {
    return switch (kind) {
      case TIME_OF_A_JOB, TIME -> Figures.time(values.get(point));
      case NUMBER -> Figures.number(values.get(point));
      case TEXT -> texts.get(point);
    };
  }

  /** A value in a sentence, as {@code 2.3 ms a job}. */
  String at(double value) {
    return switch (kind) {
      case TIME_OF_A_JOB -> Figures.time(value) + " a job";
      case TIME -> name + " = " + Figures.time(value);
      case NUMBER ->
          name.equals("jobs") || name.equals("workers")
              ? Figures.number(value) + " " + name
              : name + " = " + Figures.number(value);
      case TEXT -> name + " = " + texts.get((int) value);
    };
  }
}
