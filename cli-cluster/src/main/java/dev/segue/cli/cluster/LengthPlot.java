package dev.segue.cli.cluster;

import dev.segue.bench.Contender;
import dev.segue.bench.Measurement;
import dev.segue.bench.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The part of the ideal speed that is reached, against the length of a task, as an SVG picture for
 * light and dark pages; and from which length on a cluster reaches half of what the process pool
 * does, so that one with twice as many cores is as fast.
 */
final class LengthPlot {
  private static final int LEFT = 70;
  private static final int TOP = 80;
  private static final int DECADE = 130;
  private static final int HEIGHT = 240;
  private static final int LEGEND = 150;
  private static final int LINE_HEIGHT = 18;

  private static final List<Contender> DRAWN =
      List.of(Contender.SEGUE, ClusterBenchmark.BATCHED, ClusterBenchmark.PROCESS_POOL);

  private record Point(double x, double y) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }
  }

  private final SortedMap<Duration, Result> results;
  private final double firstX;
  private final int right;
  private final Formatter svg = new Formatter(Locale.ROOT);

  private LengthPlot(SortedMap<Duration, Result> results) {
    this.results = results;
    this.firstX = decade(results.firstKey());
    this.right = LEFT + (int) Math.round(DECADE * (decade(results.lastKey()) - firstX));
  }

  static String of(Map<Duration, Result> results) {
    if (results.isEmpty()) {
      throw new IllegalStateException("no lengths were measured that could be drawn");
    }
    return new LengthPlot(new TreeMap<>(results)).draw();
  }

  /** As {@code 0.3 ms}. */
  static String text(Duration length) {
    double millis = length.toNanos() / 1e6;
    return millis >= 1_000
        ? String.format(Locale.ROOT, "%.0f s", millis / 1_000)
        : String.format(Locale.ROOT, millis < 1 ? "%.1f ms" : "%.0f ms", millis);
  }

  /** From which length on a contender reaches a part of the process pool's speed. */
  static Optional<Duration> from(Map<Duration, Result> results, Contender contender, double part) {
    Duration before = null;
    double shareBefore = 0;
    for (var entry : new TreeMap<>(results).entrySet()) {
      var mine = entry.getValue().measured().get(contender);
      var its = entry.getValue().measured().get(ClusterBenchmark.PROCESS_POOL);
      if (mine == null || its == null) {
        continue;
      }
      double share = mine.median() / its.median();
      if (share >= part) {
        return Optional.of(
            before == null
                ? entry.getKey()
                : between(before, shareBefore, entry.getKey(), share, part));
      }
      before = entry.getKey();
      shareBefore = share;
    }
    return Optional.empty();
  }

  /** Where a line between two points crosses, the lengths being drawn as decades. */
  private static Duration between(
      Duration low, double shareLow, Duration high, double shareHigh, double part) {
    double way = (part - shareLow) / (shareHigh - shareLow);
    double at = decade(low) + way * (decade(high) - decade(low));
    return Duration.ofNanos(Math.round(Math.pow(10, at)));
  }

  private String draw() {
    int bottom = TOP + HEIGHT;
    svg.format(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img" aria-labelledby="title">
          <title id="title">%4$s</title>
          <style>
            text { font: 14px "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
            .middle { text-anchor: middle; }
            .end { text-anchor: end; }
            .small { font-size: 12px; fill: #59636e; }
            .page { fill: #ffffff; }
            .grid { stroke: #d1d9e0; }
            polyline { fill: none; stroke-width: 2; }
            .segue { stroke: #0969da; fill: #0969da; }
            .segue-batched { stroke: #8250df; fill: #8250df; }
            .process-pool { stroke: #6e7781; fill: #6e7781; }
            polyline.process-pool { stroke-dasharray: 6 4; }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc; }
              .small { fill: #9198a1; }
              .page { fill: #0d1117; }
              .grid { stroke: #3d444d; }
              .segue { stroke: #58a6ff; fill: #58a6ff; }
              .segue-batched { stroke: #a371f7; fill: #a371f7; }
              .process-pool { stroke: #9198a1; fill: #9198a1; }
            }
            text.segue, text.segue-batched, text.process-pool { stroke: none; }
            polyline.segue, polyline.segue-batched, polyline.process-pool { fill: none; }
          </style>
          <rect class="page" width="%1$d" height="%2$d" rx="8"/>
          <text x="%3$d" y="30">%4$s</text>
          <text class="small" x="%3$d" y="52">%5$s</text>
        """,
        right + LEGEND,
        bottom + 65,
        LEFT,
        "The speed of two workers against the length of a task, in % of the ideal",
        crossovers());
    grid(bottom);
    series();
    return svg.format("</svg>%n").toString();
  }

  private String crossovers() {
    return DRAWN.stream()
        .filter(each -> !each.equals(ClusterBenchmark.PROCESS_POOL))
        .map(each ->
            from(results, each, 0.5)
                .map(length -> name(each) + " from " + rounded(length) + " on")
                .orElse(name(each) + " never here"))
        .collect(Collectors.joining(", ", "At least half of the process pool’s: ", ""));
  }

  /** With two digits. */
  private static String rounded(Duration length) {
    double millis = length.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f ms" : "%.0f ms", millis);
  }

  private static String name(Contender contender) {
    if (contender.equals(Contender.SEGUE)) {
      return "cluster";
    }
    return contender.equals(ClusterBenchmark.BATCHED) ? "cluster, in batches" : contender.title();
  }

  private void grid(int bottom) {
    for (var length : results.keySet()) {
      double x = x(length);
      svg.format(
          "  <line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
          x, x, TOP, bottom);
      svg.format(
          "  <text class=\"small middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
          x, bottom + 22, text(length));
    }
    for (int percent = 0; percent <= 100; percent += 25) {
      double y = y(percent);
      svg.format(
          "  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
          LEFT, right, y, y);
      svg.format(
          "  <text class=\"small end\" x=\"%d\" y=\"%.1f\">%d %%</text>%n",
          LEFT - 10, y + 4, percent);
    }
    svg.format(
        "  <text class=\"middle\" x=\"%d\" y=\"%d\">length of a task</text>%n",
        (LEFT + right) / 2, bottom + 48);
  }

  private void series() {
    var ends = new ArrayList<Map.Entry<Contender, Point>>();
    for (var contender : DRAWN) {
      var points =
          results.entrySet().stream()
              .filter(entry -> entry.getValue().measured().containsKey(contender))
              .map(entry -> point(entry, contender))
              .toList();
      if (!points.isEmpty()) {
        draw(points, contender.id());
        ends.add(Map.entry(contender, points.getLast()));
      }
    }
    label(ends);
  }

  private Point point(Map.Entry<Duration, Result> entry, Contender contender) {
    Measurement measured = Objects.requireNonNull(entry.getValue().measured().get(contender));
    return new Point(x(entry.getKey()), y(Math.min(100, measured.median())));
  }

  private void draw(List<Point> points, String style) {
    svg.format(
        "  <polyline class=\"%s\" points=\"%s\"/>%n",
        style, points.stream().map(Point::toString).collect(Collectors.joining(" ")));
    for (var point : points) {
      svg.format(
          "  <circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>%n", style, point.x, point.y);
    }
  }

  /** Names the lines at their ends, where those lie close together one below the other. */
  private void label(List<Map.Entry<Contender, Point>> ends) {
    double free = 0;
    ends.sort(Comparator.comparingDouble(end -> end.getValue().y));
    for (var end : ends) {
      double y = Math.max(free, end.getValue().y + 5);
      svg.format(
          "  <text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
          end.getKey().id(), end.getValue().x + 12, y, name(end.getKey()));
      free = y + LINE_HEIGHT;
    }
  }

  private static double decade(Duration length) {
    return Math.log10((double) length.toNanos());
  }

  private double x(Duration length) {
    return LEFT + DECADE * (decade(length) - firstX);
  }

  private double y(double percent) {
    return TOP + HEIGHT * (1 - percent / 100);
  }
}
