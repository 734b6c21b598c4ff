package dev.segue.compare;

import static dev.segue.compare.Figures.begin;

import java.util.function.Function;

/** The bar charts of one point, as HTML. */
final class BarCharts {
  private BarCharts() {}

  /** Wall time, processor time and memory. */
  static String html(Facts facts) {
    return "<div class=\"charts\">\n"
        + wallTimes(facts)
        + of(
            "Processor time",
            "In all processes of a model: what the jobs cost.",
            Bars.of(facts, Repetition::processor, Figures::time),
            _ -> "")
        + of(
            "Memory",
            "The most that all processes of a model had in use.",
            Bars.of(facts, Repetition::memory, Figures::memory),
            _ -> "")
        + "</div>\n";
  }

  private static String wallTimes(Facts facts) {
    var sync = facts.of(Model.SYNC);
    return of(
        "Wall time",
        "How long all jobs took, the best first, and how much faster that is than one after the other."
            + " A dot is a repetition, the line across the end of a"
            + " bar the 95 % confidence interval of the median.",
        Bars.ofWallTimes(facts),
        bar ->
            sync.isEmpty()
                    || bar.model() == Model.SYNC
                    || bar.estimate() == null
                    || bar.wrong().isPresent()
                ? ""
                : Figures.factor(sync.get().wall().median() / Math.max(1, bar.estimate().median()))
                    + " as fast");
  }

  private static String of(
      String title, String subtitle, Bars bars, Function<Bars.Bar, String> beside) {
    var html = new StringBuilder();
    html.append(
        "<section class=\"chart\"><h2>%s</h2>\n<p class=\"note\">%s</p>\n<ul class=\"bars\">\n"
            .formatted(title, Html.text(subtitle)));
    for (var bar : bars.bars()) {
      html.append(
          """
          <li%s><span class="name">%s</span><svg aria-hidden="true" height="%d">%s</svg><span class="figure%s"><b>%s</b> %s</span></li>
          """
              .formatted(
                  bar.best() ? " class=\"best\"" : "",
                  begin(bar.model().title()),
                  Bars.HEIGHT,
                  bars.svg(bar),
                  bar.wrong().isPresent() ? " alarm" : "",
                  Html.text(bars.text(bar)),
                  Html.text(beside.apply(bar))));
    }
    html.append(
        "<li class=\"axis\" aria-hidden=\"true\"><svg height=\"16\">%s</svg></li>\n</ul>\n"
            .formatted(bars.axis()));
    return html.append("<p class=\"note\">" + Html.text(bars.note()) + "</p></section>\n")
        .toString();
  }
}
