package dev.segue.compare;

import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.time;

import com.google.gson.Gson;
import java.util.stream.Collectors;

/** The curves of a sweep and their figures, as HTML; the page's script draws them. */
final class CurvesSection {
  private CurvesSection() {}

  static String html(Curves curves) {
    return """
    <section class="wide" id="curves"><h2>Wall time, by %s</h2>
    <div id="plot" role="img" aria-label="%s"></div>
    <p class="note">%s</p>
    <script type="application/json" id="data">%s</script>
    %s</section>
    """
        .formatted(
            Html.text(curves.axis().name()),
            Html.text(inWords(curves)),
            "Each line is a model, and each bar through it the 95 % confidence interval."
                + (curves.crossovers().isEmpty()
                    ? ""
                    : " Where two cross, the place is marked, and shaded for where else it may be."),
            new Gson().toJson(CurvesData.of(curves)),
            curveTable(curves));
  }

  private static String inWords(Curves curves) {
    return "Curves of the wall time of each model. "
        + curves.crossovers().stream().map(curves::text).collect(Collectors.joining(" "))
        + " The table below has the figures.";
  }

  private static String curveTable(Curves curves) {
    var models =
        curves.facts().getLast().point().results().stream().map(ModelResult::model).toList();
    var html =
        new StringBuilder(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Wall times\"><table><thead><tr><th scope=\"col\">");
    html.append(Html.text(curves.axis().name())).append("</th>");
    models.forEach(
        model -> html.append("<th scope=\"col\">").append(begin(model.title())).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (var facts : curves.facts()) {
      html.append("<tr><th scope=\"row\">")
          .append(Html.text(String.valueOf(facts.point().value())))
          .append("</th>");
      var best = facts.best().map(Facts.Ranked::model);
      for (var model : models) {
        html.append(best.filter(model::equals).isPresent() ? "<td class=\"best\">" : "<td>")
            .append(
                facts
                    .of(model)
                    .map(each -> time(each.wall().median()))
                    .orElse("<span class=\"alarm\">—</span>"))
            .append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }
}
