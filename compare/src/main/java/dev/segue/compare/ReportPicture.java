package dev.segue.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The wall times of a {@link Report} as a picture, for a document: an SVG that suits light and dark
 * pages. Bars, or of a sweep its curves and crossovers.
 */
public final class ReportPicture {
  private static final int WIDTH = 720;
  private static final int MARGIN = 20;
  private static final int NAMES = 160;
  private static final int VALUES = 110;
  private static final int HEAD = 74;
  private static final int ROW = 30;

  private ReportPicture() {}

  /**
   * Writes the picture of a report into a file, which is replaced.
   *
   * @param report what was measured
   * @param file the file, as {@code out.svg}
   * @throws IOException if that fails
   */
  public static void write(Report report, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(report));
  }

  /**
   * Returns the picture of a report.
   *
   * @param report what was measured
   * @return an SVG document
   * @throws IllegalArgumentException if nothing was measured
   */
  public static String of(Report report) {
    Objects.requireNonNull(report, "report must not be null");
    if (report.points().isEmpty()) {
      throw new IllegalArgumentException("there is no picture of nothing: no point was measured");
    }
    if (report.points().size() > 1) {
      return CurvesPicture.of(report);
    }
    var facts = new Facts(report, report.points().getFirst());
    return draw(facts, Bars.ofWallTimes(facts));
  }

  private static String draw(Facts facts, Bars bars) {
    int height = HEAD + ROW * bars.bars().size() + 32 + 20 * (int) bars.note().lines().count();
    int width = WIDTH - 2 * MARGIN - NAMES - VALUES;
    var svg = new StringBuilder();
    svg.append(
        """
        <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        <style>%s</style>
        <rect class="page" width="%d" height="%d" rx="8"/>
        <text class="title" x="%d" y="34">%s</text>
        <text class="small" x="%d" y="56">%s</text>
        """
            .formatted(
                WIDTH,
                height,
                Html.text(inWords(facts, bars)),
                ComparisonPage.resource("bars.css"),
                WIDTH,
                height,
                MARGIN,
                Html.text(Headline.title(facts.report())),
                MARGIN,
                Html.text(Headline.conditions(facts))));
    int top = HEAD;
    for (var bar : bars.bars()) {
      var strong = bar.best() ? " strong" : "";
      svg.append(
          """
          <text class="end%s" x="%d" y="%d">%s</text>
          <svg x="%d" y="%d" width="%d" height="%d">%s</svg>
          <text class="%s" x="%d" y="%d">%s</text>
          """
              .formatted(
                  strong,
                  MARGIN + NAMES - 12,
                  top + 17,
                  bar.model().title(),
                  MARGIN + NAMES,
                  top,
                  width,
                  Bars.HEIGHT,
                  bars.svg(bar),
                  bar.wrong().isPresent() ? "alarm" : "value" + strong,
                  WIDTH - MARGIN - VALUES + 12,
                  top + 17,
                  Html.text(bars.text(bar))));
      top += ROW;
    }
    return svg.append(
            """
            <svg x="%d" y="%d" width="%d" height="16">%s</svg>
            %s</svg>
            """
                .formatted(MARGIN + NAMES, top, width, bars.axis(), note(bars, top + 36)))
        .toString();
  }

  private static String note(Bars bars, int top) {
    var svg = new StringBuilder();
    int y = top;
    for (var line : bars.note().lines().toList()) {
      svg.append(
          "<text class=\"small\" x=\"%d\" y=\"%d\">%s</text>\n"
              .formatted(MARGIN, y, Html.text(line)));
      y += 20;
    }
    return svg.toString();
  }

  private static String inWords(Facts facts, Bars bars) {
    return Headline.title(facts.report())
        + ", wall times, best first: "
        + bars.bars().stream()
            .map(bar -> bar.model().title() + " " + bars.text(bar))
            .collect(Collectors.joining("; "));
  }
}
