package dev.segue.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The curves of a sweep as one SVG document, with its crossovers. */
final class CurvesPicture {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 360;
  private static final int LEFT = 76;
  private static final int RIGHT = 170;
  private static final int HEAD = 76;
  private static final int ROW = 18;

  /** How close two names, and two ticks, may be. */
  private static final int BETWEEN_NAMES = 17;

  private static final int BETWEEN_TICKS = 46;

  private static final int MARGIN = 20;
  private static final int WIDTH_OF_LETTER = 7; // about

  private final Curves curves;
  private final Axis axis;
  private final List<Model> models;
  private final Scale x;
  private final Scale y;
  private final int top;
  private final StringBuilder svg = new StringBuilder();

  private CurvesPicture(Curves curves) {
    this.curves = curves;
    this.axis = curves.axis();
    this.models =
        Stream.of(Model.values())
            .filter(model -> curves.facts().stream().anyMatch(it -> it.of(model).isPresent()))
            .toList();
    double from = axis.values().getFirst();
    this.x = new Scale(axis.isLogarithmic(), from, Math.max(from + 1, axis.values().getLast()));
    this.y =
        Scale.of(
            curves.facts().stream()
                .flatMap(facts -> facts.ranking().stream())
                .map(each -> each.wall().median())
                .toList());
    this.top = HEAD + ROW * curves.crossovers().size();
  }

  static String of(Report report) {
    return new CurvesPicture(Curves.of(report)).all(report);
  }

  private String all(Report report) {
    int height = top + HEIGHT + 60;
    svg.append(
        """
        <svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
        <style>%s</style>
        <rect class="page" width="%d" height="%d" rx="8"/>
        <text class="title" x="20" y="34">%s</text>
        <text class="small" x="20" y="56">%s</text>
        """
            .formatted(
                WIDTH,
                height,
                Html.text(inWords(report)),
                ComparisonPage.resource("bars.css") + ComparisonPage.resource("curves.css"),
                WIDTH,
                height,
                Html.text(Headline.title(report)),
                Html.text("wall time, by " + axis.name() + " · " + Headline.conditions(report))));
    ticks();
    crossovers();
    models.forEach(this::curve);
    names();
    return svg.append("</svg>\n").toString();
  }

  private double x(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x.part(value);
  }

  private double y(double nanos) {
    return top + HEIGHT * (1 - y.part(nanos));
  }

  private void ticks() {
    for (var tick : y.ticks()) {
      line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
      text("tick end", LEFT - 8, y(tick) + 4, tick == 0 ? "0" : Figures.time(tick));
    }
    double last = -BETWEEN_TICKS;
    for (int i = 0; i < axis.values().size(); i++) {
      double at = x(axis.values().get(i));
      if (at - last >= BETWEEN_TICKS) {
        text("tick middle", at, top + HEIGHT + 20, axis.tick(i));
        last = at;
      }
    }
    text("tick middle", (LEFT + WIDTH - RIGHT) / 2.0, top + HEIGHT + 44, axis.name());
  }

  private void crossovers() {
    int row = HEAD + 4;
    for (var each : curves.crossovers()) {
      double at = x(each.at().median());
      double low = x(each.at().low());
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"doubt\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
              low,
              top,
              x(each.at().high()) - low,
              HEIGHT));
      line("at", at, row + 4, at, top + HEIGHT);
      row += ROW;
    }
    row = HEAD + 4; // above all lines
    for (var each : curves.crossovers()) {
      var words = curves.text(each);
      double room = WIDTH - MARGIN - words.length() * WIDTH_OF_LETTER;
      text("cross", Math.max(MARGIN, Math.min(x(each.at().median()), room)), row, words);
      row += ROW;
    }
  }

  private void curve(Model model) {
    var points = new ArrayList<String>();
    svg.append("<g class=\"").append(model.id()).append("\">\n");
    for (int i = 0; i < axis.values().size(); i++) {
      double at = x(axis.values().get(i));
      var wall = curves.facts().get(i).of(model).map(Facts.Ranked::wall);
      wall.ifPresent(it -> {
        line("error", at, y(it.low()), at, y(it.high()));
        svg.append(
            String.format(
                Locale.ROOT,
                "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>\n",
                at,
                y(it.median())));
      });
      if (wall.isPresent()) {
        points.add(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f",
                points.isEmpty() ? "M" : "L",
                at,
                y(wall.get().median())));
      }
    }
    svg.append("<path class=\"curve\" d=\"")
        .append(String.join(" ", points))
        .append("\"/>\n</g>\n");
  }

  /** The names at the ends of the curves, moved apart. */
  private void names() {
    double next = 0;
    for (var model : models.stream().sorted(Comparator.comparingDouble(this::end)).toList()) {
      double at = Math.max(end(model), next);
      next = at + BETWEEN_NAMES;
      svg.append("<g class=\"").append(model.id()).append("\">");
      text("model", WIDTH - RIGHT + 10, at + 4, model.title());
      svg.append("</g>\n");
    }
  }

  private double end(Model model) {
    return y(
        curves.facts().reversed().stream()
            .flatMap(facts -> facts.of(model).stream())
            .findFirst()
            .orElseThrow()
            .wall()
            .median());
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
            kind,
            x1,
            y1,
            x2,
            y2));
  }

  private void text(String kind, double x, double y, String words) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
            kind,
            x,
            y,
            Html.text(words)));
  }

  private String inWords(Report report) {
    return Headline.title(report)
        + ", wall times by "
        + axis.name()
        + ": "
        + curves.verdict()
        + curves.crossovers().stream()
            .map(each -> " " + curves.text(each))
            .collect(Collectors.joining());
  }
}
