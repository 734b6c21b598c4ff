package dev.segue.compare;

import static dev.segue.compare.Figures.a;
import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.list;
import static dev.segue.compare.Figures.take;
import static dev.segue.compare.Figures.verb;

import dev.segue.compare.Facts.Ranked;
import dev.segue.compare.Report.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
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
    Model before = null;
    for (var each : facts) {
      var winner = winner(each, before);
      winners.add(winner);
      before = winner == null ? before : winner;
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
        var at = interpolate(pair, clear, i);
        found.add(new Crossover(faster, now, at, axis.values().get(clear), axis.values().get(i)));
      }
      clear = i;
      faster = now;
    }
  }

  /** The one that is clearly faster; null if none is. */
  private static @Nullable Model faster(Facts facts, Pair pair) {
    var one = facts.of(pair.one()).orElse(null);
    var other = facts.of(pair.other()).orElse(null);
    if (one == null || other == null) {
      return null;
    }
    return one.isFasterThan(other) ? pair.one() : other.isFasterThan(one) ? pair.other() : null;
  }

  /** One of the points at which both were measured: the value, and their times. */
  @SuppressWarnings("ArrayRecordComponent") // nothing compares them
  private record Both(double value, double[] one, double[] other) {
    double logRatio() {
      return Math.log(Bootstrap.median(one) / Bootstrap.median(other));
    }

    /** As if it had been measured again. */
    Both again(SplittableRandom random) {
      int size = Math.min(one.length, other.length); // fewer of one if it was ended early
      var drawn = random.ints(size, 0, size).toArray();
      return new Both(value, of(one, drawn), of(other, drawn));
    }

    private static double[] of(double[] samples, int[] drawn) {
      return Arrays.stream(drawn).mapToDouble(i -> samples[i]).toArray();
    }
  }

  private Estimate interpolate(Pair pair, int low, int high) {
    var points =
        IntStream.rangeClosed(low, high)
            .mapToObj(i -> both(i, pair))
            .flatMap(Optional::stream)
            .toList();
    return Bootstrap.of(
        cross(points), random -> cross(points.stream().map(point -> point.again(random)).toList()));
  }

  private Optional<Both> both(int i, Pair pair) {
    var one = facts.get(i).of(pair.one());
    var other = facts.get(i).of(pair.other());
    return one.isEmpty() || other.isEmpty()
        ? Optional.empty()
        : Optional.of(new Both(axis.values().get(i), one.get().walls(), other.get().walls()));
  }

  /**
   * Where the medians are equal: on straight lines between points, on logarithmic paper. At the end
   * if they are nowhere, which may be if they are not those that were measured.
   */
  private static double cross(List<Both> points) {
    double before = points.getFirst().logRatio();
    for (int i = 1; i < points.size(); i++) {
      double now = points.get(i).logRatio();
      if (Math.signum(now) != Math.signum(before)) {
        double part = before / (before - now);
        double from = points.get(i - 1).value();
        double to = points.get(i).value();
        return from > 0 ? from * Math.pow(to / from, part) : from + part * (to - from);
      }
      before = now;
    }
    return points.getLast().value();
  }

  /** A crossover as a sentence. */
  String text(Crossover crossover) {
    var before = crossover.before();
    var after = crossover.after();
    return "%s %s from %s on%s."
        .formatted(
            begin(a(after)),
            before == Model.SYNC
                ? verb(after, "pays", "pay")
                : verb(after, "is", "are") + " faster than " + a(before),
            axis.about(crossover.at().median()),
            axis.between(crossover.at()));
  }

  // --- the verdict

  String verdict() {
    var changes = changes();
    return changes.isEmpty()
        ? "No model can be recommended: none of them ran the jobs correctly."
        : advice(changes) + exceptions();
  }

  /** The points at which a winner begins to be one. */
  private List<Integer> changes() {
    var changes = new ArrayList<Integer>();
    Model before = null;
    for (int i = 0; i < winners.size(); i++) {
      var now = winners.get(i);
      if (now != null && now != before) {
        changes.add(i);
        before = now;
      }
    }
    return changes;
  }

  private String advice(List<Integer> changes) {
    if (changes.size() == 1) {
      return "%s: %s%s."
          .formatted(
              begin(take(model(changes.getFirst()))),
              isClear() ? "nothing is as fast" : "nothing is clearly faster",
              winners.contains(null) ? "" : " at any value that was measured" + fromTo());
    } else if (!axis.isOrdered()) {
      return begin(String.join("; ", changes.stream().map(this::ofText).toList())) + ".";
    }
    var parts = new ArrayList<String>();
    for (int i = 0; i < changes.size(); i++) {
      int first = changes.get(i);
      int next = i + 1 < changes.size() ? changes.get(i + 1) : -1;
      parts.add(range(first, next) + ", " + advice(first, next));
    }
    return "It depends: " + String.join("; ", parts) + ".";
  }

  private String fromTo() {
    var values = axis.values();
    return axis.isOrdered()
        ? ", from " + axis.at(values.getFirst()) + " to " + axis.at(values.getLast())
        : "";
  }

  private String exceptions() {
    var where =
        IntStream.range(0, winners.size())
            .filter(i -> winners.get(i) == null)
            .mapToObj(i -> axis.at(axis.values().get(i)))
            .toList();
    return where.isEmpty() ? "" : " At " + list(where) + ", no model ran the jobs correctly.";
  }

  /**
   * The values at which a winner is one.
   *
   * @param first the first point of it
   * @param next the first point of the next winner; -1 if there is none
   */
  private String range(int first, int next) {
    var from = axis.at(axis.values().get(first));
    var begin = crossoverTo(first).isPresent() ? "from there" : "from " + from;
    if (next < 0) {
      return begin + " on";
    }
    var crossover = crossoverTo(next);
    if (next == first + 1 && begin.endsWith(from) && crossover.isEmpty() && first > 0) {
      return "at " + from;
    }
    var to =
        crossover
            .map(each -> "about " + axis.about(each.at().median()))
            .orElseGet(() -> axis.at(axis.values().get(next - 1)));
    return (first == 0 ? "up to " : begin + " to ") + to;
  }

  /**
   * A winner that was nowhere clearly faster than the next is no better, as far as one can tell.
   */
  private String advice(int first, int next) {
    if (next < 0) {
      return take(model(first));
    }
    var pair = new Pair(model(first), model(next));
    boolean clear =
        IntStream.range(first, next).anyMatch(i -> faster(facts.get(i), pair) == pair.one());
    return clear
        ? take(pair.one())
        : "there is no clear winner between " + a(pair.one()) + " and " + a(pair.other());
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

  /**
   * Where the winner at a point overtakes the one before it, if that is clear, and while that one
   * is the winner.
   */
  private Optional<Crossover> crossoverTo(int point) {
    if (point == 0) {
      return Optional.empty();
    }
    var before = winners.get(point - 1);
    int first = point - 1;
    while (first > 0 && winners.get(first - 1) == before) {
      first--;
    }
    double from = axis.values().get(first);
    double to = axis.values().get(point);
    return crossovers.stream()
        .filter(each -> each.before() == before && each.after() == model(point))
        .filter(each -> from <= each.at().median() && each.at().median() <= to)
        .findFirst();
  }
}
