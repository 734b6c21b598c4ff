package dev.segue.compare;

import dev.segue.compare.Report.Point;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What has changed from one {@link Report} to a later one of the same workload with the same
 * parameters.
 *
 * @param changes for each model of both, in the order of the later one
 * @param fresh findings that are new
 * @param gone findings that are no longer there
 * @param warnings why the two may not be compared too closely
 */
public record Baseline(
    List<Change> changes, List<Finding> fresh, List<Finding> gone, List<String> warnings) {
  private static final Set<Finding.Kind> OF_THE_MEASUREMENT =
      EnumSet.of(Finding.Kind.NOT_COMPARED, Finding.Kind.NOT_STEADY);

  /** Copies. */
  public Baseline {
    changes = List.copyOf(changes);
    fresh = List.copyOf(fresh);
    gone = List.copyOf(gone);
    warnings = List.copyOf(warnings);
  }

  /** How a model's time has changed. */
  public enum Direction {
    /** Its confidence interval is below the old one, and its median by 5 % or more. */
    FASTER,
    /** Its confidence interval is above the old one, and its median by 5 % or more. */
    SLOWER,
    /** Neither. */
    NO_CHANGE_SEEN
  }

  /**
   * A model then and now.
   *
   * @param at what was varied and its value, as {@code jobs = 100}; null without a sweep
   * @param model the model
   * @param before the wall time in the old report, in nanoseconds
   * @param after the wall time in the later one
   * @param direction what that comes to
   */
  public record Change(
      @Nullable String at, Model model, Estimate before, Estimate after, Direction direction) {
    private static Change of(@Nullable String at, Model model, Estimate before, Estimate after) {
      double factor = after.median() / Math.max(1, before.median());
      boolean alike = factor < Facts.NOTICEABLE && factor > 1 / Facts.NOTICEABLE;
      var direction = factor < 1 ? Direction.FASTER : Direction.SLOWER;
      if (alike || before.overlaps(after)) {
        direction = Direction.NO_CHANGE_SEEN;
      }
      return new Change(at, model, before, after, direction);
    }

    private String text() {
      var what =
          switch (direction) {
            case FASTER ->
                "faster: " + Figures.percent(1 - after.median() / before.median()) + " less time";
            case SLOWER ->
                "SLOWER: " + Figures.percent(after.median() / before.median() - 1) + " more time";
            case NO_CHANGE_SEEN -> "no change seen";
          };
      return "%s%s: %s (%s, before %s)"
          .formatted(
              at == null ? "" : at + ", ", model.title(), what, interval(after), interval(before));
    }

    private static String interval(Estimate estimate) {
      return "%s [%s]".formatted(Figures.time(estimate.median()), Figures.range(estimate));
    }
  }

  /**
   * Compares two reports.
   *
   * @param old the old one
   * @param now the later one
   * @return what has changed
   * @throws IllegalArgumentException if they are of different workloads, or were measured with
   *     different parameters, workers, rates or sweeps; the message says which
   */
  public static Baseline of(Report old, Report now) {
    Objects.requireNonNull(old, "old must not be null");
    Objects.requireNonNull(now, "now must not be null");
    same("workload was", old.workload(), now.workload());
    same("parameters were", parameters(old), parameters(now));
    same("number of workers was", old.workers(), now.workers());
    same("rate was", Figures.rate(old.rate()), Figures.rate(now.rate()));
    var changes = new ArrayList<Change>();
    var fresh = new ArrayList<Finding>();
    var gone = new ArrayList<Finding>();
    var warnings = warnings(old, now);
    int compared = 0;
    for (var point : now.points()) {
      var before = point(old, point);
      if (before == null) {
        warnings.add("Not measured before: " + at(point) + ".");
        continue;
      }
      compared++;
      addChanges(new Facts(old, before), new Facts(now, point), changes);
      addMissing(before, point, warnings);
      point.findings().stream().filter(isMissingIn(before)).forEach(fresh::add);
      before.findings().stream()
          .filter(finding -> isMeasured(point, finding.model()))
          .filter(isMissingIn(point))
          .forEach(gone::add);
    }
    if (compared == 0 && !now.points().isEmpty()) {
      throw new IllegalArgumentException(
          "the two reports have no point in common: %s before, %s now"
              .formatted(ats(old), ats(now)));
    }
    return new Baseline(changes, fresh, gone, warnings);
  }

  /** Those that are not varied. */
  private static TreeMap<String, String> parameters(Report report) {
    var parameters = new TreeMap<>(report.parameters());
    report
        .points()
        .forEach(point -> parameters.remove(Objects.requireNonNullElse(point.swept(), "")));
    return parameters;
  }

  private static void same(String what, Object old, Object now) {
    if (!old.equals(now)) {
      throw new IllegalArgumentException(
          "the two reports cannot be compared: the %s %s before, and %s now"
              .formatted(what, old, now));
    }
  }

  private static List<String> warnings(Report old, Report now) {
    var warnings = new ArrayList<String>();
    if (!old.machine().equals(now.machine())) {
      warnings.add(
          "Another machine, or another JDK: %s before, %s now. Times may differ for that reason."
              .formatted(text(old.machine()), text(now.machine())));
    }
    if (!old.complete()) {
      warnings.add("The old report was ended early.");
    }
    if (!now.complete()) {
      warnings.add("This comparison was ended early.");
    }
    return warnings;
  }

  static String text(Machine machine) {
    return "%s, %s, %s"
        .formatted(
            Figures.counted(machine.processors(), "processor"), machine.jdk(), machine.system());
  }

  private static @Nullable Point point(Report report, Point like) {
    return report.points().stream()
        .filter(each -> Objects.equals(each.swept(), like.swept()))
        .filter(each -> Objects.equals(each.value(), like.value()))
        .findFirst()
        .orElse(null);
  }

  private static String ats(Report report) {
    return report.points().stream().map(Baseline::at).collect(Collectors.joining(", "));
  }

  private static String at(Point point) {
    return point.swept() == null ? "no sweep" : point.swept() + " = " + point.value();
  }

  private static void addChanges(Facts old, Facts now, List<Change> changes) {
    var at = now.point().swept() == null ? null : at(now.point());
    for (var result : now.point().results()) {
      var before = old.of(result.model());
      var after = now.of(result.model());
      if (before.isPresent() && after.isPresent()) {
        changes.add(Change.of(at, result.model(), before.get().wall(), after.get().wall()));
      }
    }
  }

  private static void addMissing(Point before, Point now, List<String> warnings) {
    for (var model : Model.values()) {
      if (isMeasured(before, model) != isMeasured(now, model)) {
        warnings.add(
            "%s was measured only %s."
                .formatted(
                    Figures.begin(Figures.a(model)), isMeasured(now, model) ? "now" : "before"));
      }
    }
  }

  private static boolean isMeasured(Point point, Model model) {
    return point.results().stream().anyMatch(result -> result.model() == model);
  }

  /** The texts have figures in them, which change, and so do the numbers of lines. */
  private static Predicate<Finding> isMissingIn(Point point) {
    return finding -> point.findings().stream().noneMatch(other -> isSame(finding, other));
  }

  private static boolean isSame(Finding one, Finding other) {
    return one.model() == other.model()
        && one.kind() == other.kind()
        && withoutLine(one.at()).equals(withoutLine(other.at()));
  }

  private static String withoutLine(@Nullable String at) {
    return at == null ? "" : at.replaceFirst(":[0-9]+\\)?$", "");
  }

  /**
   * Tells whether something got worse: a model became slower, or there is a new finding that is not
   * about the measurement itself.
   *
   * @return true if so
   */
  public boolean isWorse() {
    return changes.stream().anyMatch(change -> change.direction() == Direction.SLOWER)
        || fresh.stream().anyMatch(finding -> !OF_THE_MEASUREMENT.contains(finding.kind()));
  }

  /**
   * Returns all of it, for a terminal.
   *
   * @return lines
   */
  public String text() {
    var text = new StringBuilder();
    warnings.forEach(each -> text.append("warning: ").append(each).append('\n'));
    changes.forEach(each -> text.append(each.text()).append('\n'));
    fresh.forEach(each -> text.append("NEW: ").append(text(each)).append('\n'));
    gone.forEach(each -> text.append("gone: ").append(text(each)).append('\n'));
    return text.toString();
  }

  private static String text(Finding finding) {
    return finding.model().title() + ": " + finding.text();
  }
}
