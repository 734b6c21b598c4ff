package dev.segue.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run of an example showed, against what it should show: order of lines, time, values. */
final class Comparison {
  /** How far apart two readings of the clock may be, the program's and this one's. */
  private static final double EARLY_SECONDS = 0.01;

  /** How late a busy machine may be, however short the delays are. */
  private static final double LATE_SECONDS = 1;

  private final Example example;
  private final double scale;
  private final List<Transcript.Printed> printed;
  private final List<List<Seen>> seen;
  private final List<Order> orders = new ArrayList<>();
  private final List<String> agreements = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();

  /**
   * Compares.
   *
   * @param scale what the delays were multiplied by
   * @param failure what the example threw; null if nothing
   */
  Comparison(
      Example example,
      double scale,
      List<Transcript.Printed> printed,
      @Nullable Exception failure) {
    this.example = example;
    this.scale = scale;
    this.printed = List.copyOf(printed);
    seen = Seen.parts(printed);
    if (failure != null) {
      differences.add("it failed: " + describe(failure));
    } else if (seen.size() != example.parts().size()) {
      note(false, "parts: " + seen.size(), String.valueOf(example.parts().size()));
    } else {
      for (int i = 0; i < seen.size(); i++) {
        orders.add(new Order(example.parts().get(i), seen.get(i)));
      }
      compareOrder();
      compareTime();
      compareValues();
    }
  }

  Example example() {
    return example;
  }

  /** What the delays were multiplied by. */
  double scale() {
    return scale;
  }

  /** What was printed. */
  List<Transcript.Printed> printed() {
    return printed;
  }

  /** How long it took, in seconds. */
  double elapsed() {
    return seen.stream().mapToDouble(part -> part.getLast().at()).sum();
  }

  /** How long one part of it took, in seconds. */
  double elapsed(int part) {
    return seen.get(part).getLast().at();
  }

  /** How long it should take, in seconds. */
  double expectedElapsed() {
    return example.parts().stream().mapToInt(Part::seconds).sum() * scale;
  }

  /** The numbers that lines ended with. */
  List<Integer> values() {
    return seen.stream()
        .flatMap(List::stream)
        .map(line -> line.message().value())
        .filter(Objects::nonNull)
        .toList();
  }

  /** The numbers that lines should end with. */
  List<Integer> expectedValues() {
    return example.parts().stream().flatMap(part -> part.values().stream()).toList();
  }

  /** What is not as it should be; empty if all is. */
  List<String> differences() {
    return List.copyOf(differences);
  }

  boolean agrees() {
    return differences.isEmpty();
  }

  /** Says in one line how it compares. */
  String summary() {
    var verdict =
        switch (example.source()) {
          case ARTICLE -> agrees() ? "agrees with the article: " : "DIFFERS from the article: ";
          case EXPECTED -> agrees() ? "as expected: " : "NOT as expected: ";
        };
    return verdict + String.join(", ", agrees() ? agreements : differences);
  }

  private void compareOrder() {
    int lines = 0;
    var groups = new ArrayList<String>();
    for (int i = 0; i < orders.size(); i++) {
      var difference = orders.get(i).difference();
      if (difference != null) {
        differences.add((orders.size() == 1 ? "" : "part " + (i + 1) + ", ") + difference);
        return;
      }
      groups.addAll(orders.get(i).groups(lines));
      lines += seen.get(i).size();
    }
    agreements.add(
        "order of "
            + lines
            + " lines"
            + (groups.isEmpty() ? "" : " (" + String.join(", ", groups) + " in any order)"));
  }

  private void compareTime() {
    var took = new ArrayList<String>();
    var due = new ArrayList<String>();
    boolean onTime = true;
    for (int i = 0; i < seen.size(); i++) {
      double at = seen.get(i).getLast().at();
      var part = example.parts().get(i);
      onTime &= !part.isTimed() || isOnTime(at, part.seconds());
      took.add(seconds(at));
      due.add(due(part));
    }
    note(onTime, "elapsed " + String.join(" + ", took), String.join(" + ", due) + scaled());
    if (onTime) {
      compareTimeOfLines();
    }
  }

  private static String due(Part part) {
    if (part.isTimed()) {
      return part.seconds() + " s";
    }
    return part.seconds() == 0 ? "any time" : part.seconds() + " s on its machine";
  }

  private void compareTimeOfLines() {
    for (int i = 0; i < orders.size(); i++) {
      var met = orders.get(i).met();
      for (int j = 0; j < met.size(); j++) {
        double at = seen.get(i).get(j).at();
        var line = met.get(j);
        if (line.timed() && !line.repeats() && !isOnTime(at, line.second())) {
          note(false, "'" + line + "' after " + seconds(at), line.second() + " s" + scaled());
          return;
        }
      }
    }
  }

  private void compareValues() {
    if (!values().isEmpty() || !expectedValues().isEmpty()) {
      var word = values().size() == 1 ? "value " : "values ";
      note(values().equals(expectedValues()), word + join(values()), join(expectedValues()));
    }
  }

  private boolean isOnTime(double at, int second) {
    double due = second * scale;
    return at > due - EARLY_SECONDS && at < due + LATE_SECONDS;
  }

  private void note(boolean agrees, String seen, String expected) {
    (agrees ? agreements : differences).add(seen + " (" + example.source() + " " + expected + ")");
  }

  private String scaled() {
    return scale == 1 ? "" : ", scaled by " + scale;
  }

  /** A failure in one line. */
  static String describe(Exception failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause instanceof InvocationTargetException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    var message = Objects.requireNonNullElse(cause.getMessage(), "");
    return cause.getClass().getSimpleName()
        + message.lines().findFirst().map(line -> ": " + line).orElse("");
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static String join(List<Integer> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
