package dev.segue.compare;

import static dev.segue.compare.Scale.percent;

import dev.segue.compare.Facts.Limit;
import dev.segue.compare.Report.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * One figure of all models as bars: the best model first, those whose results are wrong last. A bar
 * is a line of SVG whose positions are percents, so that it is as wide as what it is in.
 */
final class Bars {
  static final int HEIGHT = 24;

  /**
   * A bar.
   *
   * @param model the model
   * @param estimate the median; null if the model could not run the jobs
   * @param samples the figure of each repetition
   * @param best whether it is the model to take
   * @param wrong why its figures mean nothing; empty if they are right
   */
  record Bar(
      Model model,
      @Nullable Estimate estimate,
      List<Double> samples,
      boolean best,
      Optional<String> wrong) {}

  private final List<Bar> bars;
  private final Scale scale;
  private final DoubleFunction<String> text;
  private final @Nullable Limit limit;

  private Bars(List<Bar> bars, DoubleFunction<String> text, @Nullable Limit limit) {
    this.bars = bars;
    this.text = text;
    this.limit = limit;
    var figures = new ArrayList<Double>();
    bars.forEach(bar -> figures.addAll(bar.samples()));
    if (limit != null) {
      figures.add(limit.nanos());
    }
    this.scale = Scale.of(figures);
  }

  /** The wall times, and the least that is possible. */
  static Bars ofWallTimes(Facts facts) {
    return new Bars(bars(facts, Repetition::wall), Figures::time, facts.limit().orElse(null));
  }

  static Bars of(Facts facts, ToLongFunction<Repetition> figure, DoubleFunction<String> text) {
    return new Bars(bars(facts, figure), text, null);
  }

  private static List<Bar> bars(Facts facts, ToLongFunction<Repetition> figure) {
    var best = facts.best().map(Facts.Ranked::model);
    return ordered(facts).stream()
        .map(result ->
            new Bar(
                result.model(),
                result.repetitions().isEmpty() ? null : result.median(figure),
                result.repetitions().stream()
                    .map(each -> (double) figure.applyAsLong(each))
                    .toList(),
                best.filter(model -> model == result.model()).isPresent(),
                wrong(facts.point(), result)))
        .toList();
  }

  /** The best first, then by wall time; those that are out last. */
  static List<ModelResult> ordered(Facts facts) {
    var ranking = facts.ranking().stream().map(Facts.Ranked::model).toList();
    var best = facts.best().map(Facts.Ranked::model);
    return facts.point().results().stream()
        .sorted(
            Comparator.comparingInt(result -> {
              if (best.filter(model -> model == result.model()).isPresent()) {
                return -1;
              }
              int place = ranking.indexOf(result.model());
              return place < 0 ? ranking.size() : place;
            }))
        .toList();
  }

  /** Why a model's figures mean nothing, or are missing; empty if all is right. */
  static Optional<String> wrong(Point point, ModelResult result) {
    var finding =
        point.findings().stream()
            .filter(each -> each.model() == result.model() && each.kind().isWrong())
            .map(each -> ReportText.words(each.kind()))
            .findFirst();
    return finding.isEmpty() && result.repetitions().isEmpty()
        ? Optional.of("not measured")
        : finding;
  }

  List<Bar> bars() {
    return bars;
  }

  Scale scale() {
    return scale;
  }

  /** What is written beside a bar. */
  String text(Bar bar) {
    return bar.wrong()
        .orElseGet(() -> bar.estimate() == null ? "" : text.apply(bar.estimate().median()));
  }

  /** A bar with the interval of its median, and a dot for each repetition. */
  String svg(Bar bar) {
    var svg = new StringBuilder();
    for (var tick : scale.ticks()) {
      vertical(svg, "grid", scale.part(tick), 0, HEIGHT);
    }
    var estimate = bar.estimate();
    if (estimate != null) {
      var style = bar.wrong().isPresent() ? "bar wrong" : bar.best() ? "bar best" : "bar";
      svg.append(
          "<rect class=\"%s\" x=\"0\" y=\"5\" width=\"%s\" height=\"14\"/>"
              .formatted(style, percent(scale.part(estimate.median()))));
      bar.samples()
          .forEach(sample ->
              svg.append(
                  "<circle class=\"dot\" cx=\"%s\" cy=\"12\" r=\"2\"/>"
                      .formatted(percent(scale.part(sample)))));
      double low = scale.part(estimate.low());
      double high = scale.part(estimate.high());
      svg.append(
          "<line class=\"spread\" x1=\"%s\" x2=\"%s\" y1=\"12\" y2=\"12\"/>"
              .formatted(percent(low), percent(high)));
      DoubleStream.of(low, high).forEach(end -> vertical(svg, "spread", end, 8, 16));
    }
    if (limit != null) {
      vertical(svg, "limit", scale.part(limit.nanos()), 0, HEIGHT);
    }
    return svg.toString();
  }

  private static void vertical(StringBuilder svg, String style, double part, int from, int to) {
    var x = percent(part);
    svg.append(
        "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
            .formatted(style, x, x, from, to));
  }

  String axis() {
    return scale.axis(text);
  }

  /** What the reader has to know. */
  String note() {
    var least =
        limit == null
            ? ""
            : "The dashed line is the least that is possible: %s, %s."
                .formatted(Figures.time(limit.nanos()), limit.what());
    return String.join("\n", List.of(least, scale.note())).strip();
  }
}
