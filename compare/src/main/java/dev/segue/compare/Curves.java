package dev.segue.compare;

import static dev.segue.compare.Figures.a;
import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.take;
import static dev.segue.compare.Figures.verb;

import dev.segue.compare.Facts.Ranked;
import dev.segue.compare.Report.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A sweep: how the models compare from one value to the next. */
final class Curves {
  private final Axis axis;
  private final List<Facts> facts;
  private final List<@Nullable Model> winners = new ArrayList<>();
  private final List<Crossover> crossovers;

  private Curves(Axis axis, List<Facts> facts) {
    this.axis = axis;
    this.facts = facts;
    Model winner = null;
    for (var each : facts) {
      winner = winner(each, winner);
      winners.add(winner);
    }
    this.crossovers = findCrossovers();
  }

  static Curves of(Report report) {
    var axis = Axis.of(report.points());
    var points = new ArrayList<>(report.points());
    if (axis.isOrdered()) {
      var given = axis.values();
      points.sort(Comparator.comparing((Point point) -> given.get(report.points().indexOf(point))));
      axis = Axis.of(points);
    }
    return new Curves(axis, points.stream().map(point -> new Facts(report, point)).toList());
  }

  /** The one before, as long as none is clearly better. */
  private static @Nullable Model winner(Facts facts, @Nullable Model before) {
    boolean stays = facts.tied().stream().anyMatch(each -> each.model() == before);
    return stays ? before : facts.best().map(Ranked::model).orElse(null);
  }

  Axis axis() {
    return axis;
  }

  /** Those of each point, in the order of the axis. */
  List<Facts> facts() {
    return facts;
  }

  List<Crossover> crossovers() {
    return crossovers;
  }

  /** The one to take at all values; null if it depends. */
  @Nullable Model winner() {
    return winners.stream().distinct().count() == 1 ? winners.getFirst() : null;
  }

  // --- crossovers: where processes and the like begin to pay, and where the winner changes

  private record Pair(Model one, Model other) {}

  private List<Crossover> findCrossovers() {
    if (!axis.isOrdered()) {
      return List.of();
    }
    var pairs = new LinkedHashSet<Pair>();
    for (int i = 1; i < winners.size(); i++) {
      var before = winners.get(i - 1);
      var after = winners.get(i);
      if (before != null && after != null && before != after) {
        pairs.add(before.compareTo(after) < 0 ? new Pair(before, after) : new Pair(after, before));
      }
    }
    for (var model : Model.values()) {
      if (model != Model.SYNC) {
        pairs.add(new Pair(Model.SYNC, model));
      }
    }
    var found = new ArrayList<Crossover>();
    pairs.forEach(pair -> addCrossovers(pair, found));
    return List.copyOf(found);
  }

  private void addCrossovers(Pair pair, List<Crossover> found) {
    int clear = -1; // the last point at which one of them is clearly faster
    Model faster = null;
    for (int i = 0; i < facts.size(); i++) {
      var now = faster(facts.get(i), pair);
      if (now == null) {
        continue;
      }
      if (faster != null && now != faster) {
        double at = interpolate(pair, clear, i);
        found.add(new Crossover(faster, now, at, axis.values().get(clear), axis.values().get(i)));
      }
      clear = i;
      faster = now;
    }
  }

  /** The one whose interval is wholly below the other's; null if they overlap. */
  private static @Nullable Model faster(Facts facts, Pair pair) {
    var one = facts.of(pair.one()).orElse(null);
    var other = facts.of(pair.other()).orElse(null);
    if (one == null || other == null || one.wall().overlaps(other.wall())) {
      return null;
    }
    return one.wall().median() < other.wall().median() ? pair.one() : pair.other();
  }

  /** Where the medians are equal: on straight lines between points, on logarithmic paper. */
  private double interpolate(Pair pair, int low, int high) {
    int left = low;
    for (int i = low + 1; i <= high; i++) {
      var ratio = logRatio(i, pair);
      if (ratio.isEmpty()) {
        continue;
      }
      double before = logRatio(left, pair).orElseThrow();
      if (Math.signum(ratio.get()) != Math.signum(before)) {
        double part = before / (before - ratio.get());
        double from = axis.values().get(left);
        double to = axis.values().get(i);
        return from > 0 ? from * Math.pow(to / from, part) : from + part * (to - from);
      }
      left = i;
    }
    throw new IllegalStateException("the models do not cross between these points");
  }

  private Optional<Double> logRatio(int i, Pair pair) {
    var one = facts.get(i).of(pair.one());
    var other = facts.get(i).of(pair.other());
    return one.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(Math.log(one.get().slowerThan(other.get())));
  }

  /** A crossover as a sentence. */
  String text(Crossover crossover) {
    var after = crossover.after();
    var at = axis.at(crossover.at());
    var measured =
        " (measured at %s and %s).".formatted(axis.at(crossover.low()), axis.at(crossover.high()));
    return crossover.before() == Model.SYNC
        ? "%s %s from about %s on%s"
            .formatted(begin(a(after)), verb(after, "pays", "pay"), at, measured)
        : "From about %s on, %s %s faster than %s%s"
            .formatted(at, a(after), verb(after, "is", "are"), a(crossover.before()), measured);
  }

  // --- the verdict

  String verdict() {
    var changes = new ArrayList<Integer>();
    for (int i = 0; i < winners.size(); i++) {
      if (winners.get(i) != null && (i == 0 || winners.get(i) != winners.get(i - 1))) {
        changes.add(i);
      }
    }
    if (changes.isEmpty()) {
      return "No model can be recommended: none of them ran the jobs correctly.";
    }
    if (!axis.isOrdered() || changes.size() == 1) {
      return changes.size() == 1
          ? "%s: %s at any value that was measured, from %s to %s."
              .formatted(
                  begin(take(model(changes.getFirst()))),
                  isClear() ? "nothing is as fast" : "nothing is clearly faster",
                  axis.at(axis.values().getFirst()),
                  axis.at(axis.values().getLast()))
          : begin(String.join("; ", changes.stream().map(this::ofText).toList())) + ".";
    }
    var parts = new ArrayList<String>();
    for (int i = 0; i < changes.size(); i++) {
      int first = changes.get(i);
      parts.add(
          i == 0
              ? "up to %s, %s".formatted(start(changes.get(1)), take(model(first)))
              : "from %s on, %s".formatted(start(first), take(model(first))));
    }
    return "It depends: " + String.join("; ", parts) + ".";
  }

  /** Where another's median is the furthest below that of the winner, though not clearly. */
  Optional<String> doubt() {
    return IntStream.range(0, facts.size())
        .filter(i -> winners.get(i) != null)
        .boxed()
        .max(Comparator.comparingDouble(this::behind))
        .flatMap(i ->
            Rule.aheadOf(facts.get(i).of(model(i)).orElseThrow(), facts.get(i))
                .map(ahead -> "At " + axis.at(axis.values().get(i)) + ", " + ahead));
  }

  private double behind(int point) {
    var all = facts.get(point);
    return all.of(model(point)).orElseThrow().slowerThan(all.tied().getFirst());
  }

  private boolean isClear() {
    return facts.stream().allMatch(each -> each.tied().size() < 2);
  }

  private String ofText(int point) {
    return "at " + axis.at(point) + ", " + take(model(point));
  }

  private Model model(int point) {
    return Objects.requireNonNull(winners.get(point));
  }

  /** Where a winner begins to be one: where it crosses the one before, if that is clear. */
  private String start(int point) {
    var before = winners.get(point - 1);
    return crossovers.stream()
        .filter(each -> each.before() == before && each.after() == model(point))
        .filter(each -> each.high() == axis.values().get(point))
        .map(each -> "about " + axis.at(each.at()))
        .findFirst()
        .orElseGet(() -> axis.at(axis.values().get(point)));
  }
}
