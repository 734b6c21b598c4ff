package dev.segue.bench;

import java.util.Comparator;
import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Throughput against payload, as an SVG picture for light and dark pages. Both axes are decades.
 */
public final class PayloadPlot {
  private static final int LEFT = 90;
  private static final int TOP = 60;
  private static final int DECADE_WIDTH = 80;
  private static final int DECADE_HEIGHT = 44;
  private static final int LEGEND = 130;

  private static final int LINE_HEIGHT = 18;

  /** The other pools of CPython would lie on its line. */
  private static final List<Contender> DRAWN =
      List.of(Contender.SEGUE, Contender.CPYTHON, Contender.BARE);

  private record Point(double x, double y) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }
  }

  private final List<Result> results;
  private final int firstX;
  private final int lastX;
  private final int firstY;
  private final int lastY;
  private final Formatter svg = new Formatter(Locale.ROOT);

  private PayloadPlot(List<Result> results) {
    this.results = results;
    this.firstX = (int) Math.floor(Math.log10(results.getFirst().subject().payload()));
    this.lastX = (int) Math.ceil(Math.log10(results.getLast().subject().payload()));
    var rates =
        results.stream()
            .flatMap(result -> result.measured().entrySet().stream())
            .filter(measured -> DRAWN.contains(measured.getKey()))
            .mapToDouble(measured -> Math.log10(1e6 * measured.getValue().median()))
            .summaryStatistics();
    this.firstY = (int) Math.floor(rates.getMin());
    this.lastY = Math.max(firstY + 1, (int) Math.ceil(rates.getMax()));
  }

  /**
   * Draws the results of {@link PoolWork#PAYLOAD}.
   *
   * @param results results; those of other works are passed over
   * @return the picture
   * @throws IllegalArgumentException if there is nothing to draw
   */
  public static String of(List<Result> results) {
    var drawn = results.stream().filter(result -> result.subject().payload() > 0).toList();
    if (drawn.isEmpty()) {
      throw new IllegalArgumentException("there are no results of payload to draw");
    }
    return new PayloadPlot(drawn).draw();
  }

  private String draw() {
    int right = LEFT + DECADE_WIDTH * (lastX - firstX);
    int bottom = TOP + DECADE_HEIGHT * (lastY - firstY);
    svg.format(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img" aria-labelledby="title">
          <title id="title">Bytes echoed a second by two processes against the bytes of a task</title>
          <style>
            text { font: 14px "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
            .middle { text-anchor: middle; }
            .end { text-anchor: end; }
            .small { font-size: 12px; fill: #59636e; }
            .page { fill: #ffffff; }
            .grid { stroke: #d1d9e0; }
            polyline { fill: none; stroke-width: 2; }
            .segue { stroke: #0969da; fill: #0969da; }
            .cpython { stroke: #bc4c00; fill: #bc4c00; }
            .bare { stroke: #6e7781; fill: #6e7781; }
            polyline.bare { stroke-dasharray: 6 4; }
            @media (prefers-color-scheme: dark) {
              text { fill: #f0f6fc; }
              .small { fill: #9198a1; }
              .page { fill: #0d1117; }
              .grid { stroke: #3d444d; }
              .segue { stroke: #58a6ff; fill: #58a6ff; }
              .cpython { stroke: #f0883e; fill: #f0883e; }
              .bare { stroke: #9198a1; fill: #9198a1; }
            }
            text.segue, text.cpython, text.bare { stroke: none; }
            polyline.segue, polyline.cpython, polyline.bare { fill: none; }
          </style>
          <rect class="page" width="%1$d" height="%2$d" rx="8"/>
          <text x="%3$d" y="30">Bytes echoed a second, each there and back once</text>
        """,
        right + LEGEND, bottom + 65, LEFT);
    grid(right, bottom);
    series();
    return svg.format("</svg>%n").toString();
  }

  private void grid(int right, int bottom) {
    for (int decade = firstX; decade <= lastX; decade++) {
      double x = x(decade);
      svg.format(
          "  <line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>%n",
          x, x, TOP, bottom);
      svg.format(
          "  <text class=\"small middle\" x=\"%.1f\" y=\"%d\">%s</text>%n",
          x, bottom + 22, ProcessPoolBenchmark.bytes(Math.round(Math.pow(10, decade))));
    }
    for (int decade = firstY; decade <= lastY; decade++) {
      double y = y(decade);
      svg.format(
          "  <line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
          LEFT, right, y, y);
      svg.format(
          "  <text class=\"small end\" x=\"%d\" y=\"%.1f\">%s/s</text>%n",
          LEFT - 10, y + 4, ProcessPoolBenchmark.bytes(Math.round(Math.pow(10, decade))));
    }
    svg.format(
        "  <text class=\"middle\" x=\"%d\" y=\"%d\">bytes of a task</text>%n",
        (LEFT + right) / 2, bottom + 48);
  }

  private void series() {
    var ends = new LinkedHashMap<Contender, Point>();
    for (var contender : DRAWN) {
      var points =
          results.stream()
              .filter(result -> result.measured().containsKey(contender))
              .map(result -> point(result, contender))
              .toList();
      if (!points.isEmpty()) {
        draw(points, contender.id());
        ends.put(contender, points.getLast());
      }
    }
    label(ends);
  }

  private Point point(Result result, Contender contender) {
    double bytes = 1e6 * Objects.requireNonNull(result.measured().get(contender)).median();
    return new Point(x(Math.log10(result.subject().payload())), y(Math.log10(bytes)));
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
  private void label(Map<Contender, Point> ends) {
    double free = 0;
    var downwards =
        Comparator.comparingDouble((Map.Entry<Contender, Point> end) -> end.getValue().y);
    for (var end : ends.entrySet().stream().sorted(downwards).toList()) {
      double y = Math.max(free, end.getValue().y + 5);
      svg.format(
          "  <text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n",
          end.getKey().id(), end.getValue().x + 12, y, end.getKey().title());
      free = y + LINE_HEIGHT;
    }
  }

  private double x(double decade) {
    return LEFT + DECADE_WIDTH * (decade - firstX);
  }

  private double y(double decade) {
    return TOP + DECADE_HEIGHT * (lastY - decade);
  }
}
