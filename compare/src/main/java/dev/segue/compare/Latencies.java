package dev.segue.compare;

import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.time;
import static dev.segue.compare.Scale.percent;

import java.util.ArrayList;

/** How long a job took from when it was due to its end: the middle one, 99 of 100, the longest. */
final class Latencies {
  private Latencies() {}

  private record Row(ModelResult result, double p50, double p99, double max) {}

  /** A part of the page. */
  static String html(Facts facts) {
    var rows = new ArrayList<Row>();
    var figures = new ArrayList<Double>();
    for (var result : Bars.ordered(facts)) {
      if (!result.repetitions().isEmpty() && !Facts.isOut(facts.point(), result.model())) {
        var row =
            new Row(
                result,
                result.median(Repetition::p50).median(),
                result.median(Repetition::p99).median(),
                result.median(Repetition::max).median());
        rows.add(row);
        figures.add(row.p50);
        figures.add(row.max);
      }
    }
    if (rows.isEmpty()) {
      return "";
    }
    var scale = Scale.of(figures);
    var html =
        new StringBuilder(
            """
            <section class="chart wide"><h2>Latency of a job</h2>
            <p class="note">From when a job was due to its end. The full circle is the middle job (p50), the ring is 99 of 100 (p99), the line ends at the longest.</p>
            <ul class="bars">
            """);
    for (var row : rows) {
      html.append(
          """
          <li><span class="name">%s</span><svg aria-hidden="true" height="24">%s</svg><span class="figure">half by <b>%s</b>, 99 %% by <b>%s</b>, all by <b>%s</b></span></li>
          """
              .formatted(
                  begin(row.result.model().title()),
                  svg(row, scale),
                  time(row.p50),
                  time(row.p99),
                  time(row.max)));
    }
    return html.append(
            "<li class=\"axis\" aria-hidden=\"true\"><svg height=\"16\">%s</svg></li>\n</ul>\n<p class=\"note\">%s</p></section>\n"
                .formatted(scale.axis(Figures::time), scale.note()))
        .toString();
  }

  private static String svg(Row row, Scale scale) {
    var svg = new StringBuilder();
    for (var tick : scale.ticks()) {
      var x = percent(scale.part(tick));
      svg.append("<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"0\" y2=\"24\"/>".formatted(x, x));
    }
    var p50 = percent(scale.part(row.p50));
    var p99 = percent(scale.part(row.p99));
    var max = percent(scale.part(row.max));
    return svg.append(
            """
            <line class="spread" x1="%s" x2="%s" y1="12" y2="12"/>\
            <line class="spread" x1="%s" x2="%s" y1="7" y2="17"/>\
            <circle class="ring" cx="%s" cy="12" r="4"/><circle class="middle" cx="%s" cy="12" r="5"/>\
            """
                .formatted(p50, max, max, max, p99, p50))
        .toString();
  }
}
