package dev.segue.bench;

import java.util.Formatter;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One result as an SVG bar chart for light and dark pages: a bar for each contender's median, the
 * best first, and over it a line from the smallest to the largest sample.
 */
public final class Chart {
  /** What colours a chart, in a picture of its own and in a page. */
  static final String STYLE =
      """
      .chart text { font: 15px system-ui, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; fill: #1f2328; }
      .chart .small { font-size: 13px; fill: #59636e; }
      .chart .end { text-anchor: end; }
      .chart .strong { font-weight: 600; }
      .chart .page { fill: #ffffff; }
      .chart .bar { fill: #b1bac4; }
      .chart .segue { fill: #0969da; }
      .chart .floor { fill: none; stroke: #818b98; stroke-dasharray: 4 3; }
      .chart .spread { stroke: #1f2328; stroke-width: 1.5; }
      @media (prefers-color-scheme: dark) {
        .chart text { fill: #f0f6fc; }
        .chart .small { fill: #9198a1; }
        .chart .page { fill: #0d1117; }
        .chart .bar { fill: #57606a; }
        .chart .segue { fill: #1f6feb; }
        .chart .floor { fill: none; stroke: #818b98; }
        .chart .spread { stroke: #f0f6fc; }
      }
      """;

  private static final int WIDTH = 480;
  private static final int MARGIN = 16;
  private static final int HEAD = 64;
  private static final int ROW = 40;
  private static final int BAR = 12;

  private final Result result;
  private final double perUnit;
  private final Formatter svg = new Formatter(Locale.ROOT);

  private Chart(Result result) {
    this.result = result;
    double most =
        result.measured().values().stream().mapToDouble(Measurement::most).max().orElse(1);
    this.perUnit = (WIDTH - 2 * MARGIN) / Math.max(most, Double.MIN_NORMAL);
  }

  /**
   * Draws a picture of its own.
   *
   * @param result the result
   * @return an SVG document
   */
  public static String picture(Result result) {
    return new Chart(result).draw("<style>\n" + STYLE + "</style>\n");
  }

  /** Draws a part of a page that has the {@link #STYLE}. */
  static String partOfPage(Result result) {
    return new Chart(result).draw("");
  }

  private String draw(String style) {
    var ranking = result.ranking();
    var subject = result.subject();
    int height = HEAD + ROW * ranking.size() + MARGIN / 2;
    svg.format(
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " role=\"img\" aria-label=\"%s\">%n%s",
        WIDTH, height, Html.escape(inWords()), style);
    svg.format("<rect class=\"page\" width=\"%d\" height=\"%d\" rx=\"8\"/>%n", WIDTH, height);
    svg.format(
        "<text class=\"strong\" x=\"%d\" y=\"28\">%s</text>%n",
        MARGIN, Html.escape(subject.title()));
    svg.format(
        "<text class=\"small\" x=\"%d\" y=\"48\">%s, %s is better; the line is the spread</text>%n",
        MARGIN, Html.escape(subject.unit()), subject.lowerIsBetter() ? "less" : "more");
    int top = HEAD;
    for (var contender : ranking) {
      row(contender, top);
      top += ROW;
    }
    return svg.format("</svg>%n").toString();
  }

  private String inWords() {
    return result.subject().title()
        + ", medians, best first: "
        + result.ranking().stream()
            .map(one -> one.title() + " " + withUnit(one))
            .collect(Collectors.joining("; "));
  }

  private String withUnit(Contender contender) {
    var unit = result.subject().unit();
    return Table.figure(measured(contender).median()) + (unit.startsWith("/") ? "" : " ") + unit;
  }

  private Measurement measured(Contender contender) {
    return Objects.requireNonNull(result.measured().get(contender));
  }

  private void row(Contender contender, int top) {
    boolean isSegue = contender.equals(Contender.SEGUE);
    boolean best = result.best().filter(contender::equals).isPresent();
    var style = isSegue ? "strong" : "";
    svg.format(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s%s</text>%n",
        style, MARGIN, top + 13, best ? "★ " : "", Html.escape(contender.title()));
    svg.format(
        "<text class=\"end %s\" x=\"%d\" y=\"%d\">%s</text>%n",
        style, WIDTH - MARGIN, top + 13, withUnit(contender));
    var measured = measured(contender);
    int middle = top + 19 + BAR / 2;
    svg.format(
        "<rect class=\"bar %s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
        isSegue ? "segue" : contender.floor() ? "floor" : "",
        MARGIN,
        top + 19,
        Math.max(1, perUnit * measured.median()),
        BAR);
    svg.format(
        "<path class=\"spread\" d=\"M%.1f %dv8m0 -4H%.1fm0 -4v8\"/>%n",
        MARGIN + perUnit * measured.least(), middle - 4, MARGIN + perUnit * measured.most());
  }
}
