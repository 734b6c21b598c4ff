package dev.segue.compare;

import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.percent;
import static dev.segue.compare.Figures.range;
import static dev.segue.compare.Figures.time;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The table of all figures of one point, as HTML. */
final class FiguresTable {
  private static final String OF_THE_LIMIT = "Of the limit";

  private FiguresTable() {}

  private record Column(String title, Function<ModelResult, String> cell) {}

  private static Column column(
      String title, ToLongFunction<Repetition> figure, Function<Double, String> text) {
    return new Column(
        title,
        result -> result.repetitions().isEmpty() ? "" : text.apply(result.median(figure).median()));
  }

  private static List<Column> columns(Facts facts) {
    var sync = facts.of(Model.SYNC);
    var limit = facts.limit();
    var profile = facts.profile();
    var columns =
        List.of(
            new Column(
                "Wall time (95 % interval)",
                result -> {
                  if (result.repetitions().isEmpty()) {
                    return "";
                  }
                  var wall = result.median(Repetition::wall);
                  return time(wall.median()) + " (" + range(wall) + ")";
                }),
            column(
                "Speed-up",
                Repetition::wall,
                wall ->
                    sync.isEmpty()
                        ? ""
                        : Figures.factor(sync.get().wall().median() / Math.max(1, wall))),
            column(
                OF_THE_LIMIT,
                Repetition::wall,
                wall -> limit.isEmpty() ? "" : percent(limit.get().nanos() / Math.max(1, wall))),
            column(
                "Jobs a second",
                Repetition::wall,
                wall ->
                    profile == null
                        ? ""
                        : Figures.number(profile.jobs() * 1e9 / Math.max(1, wall))),
            column("Processor time", Repetition::processor, Figures::time),
            column("Latency p50", Repetition::p50, Figures::time),
            column("p99", Repetition::p99, Figures::time),
            column("max", Repetition::max, Figures::time),
            column("Threads", Repetition::threads, Figures::count),
            column("Memory", Repetition::memory, Figures::memory),
            new Column("Start-up", result -> time(result.startUp())));
    return limit.isPresent()
        ? columns
        : columns.stream().filter(each -> !each.title().equals(OF_THE_LIMIT)).toList();
  }

  static String html(Facts facts) {
    var columns = columns(facts);
    var html =
        new StringBuilder(
            "<section class=\"wide\"><h2>All figures</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"All figures\"><table><thead><tr><th scope=\"col\">Model</th>");
    columns.forEach(each -> html.append("<th scope=\"col\">").append(each.title()).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    var best = facts.best().map(Facts.Ranked::model);
    for (var result : Bars.ordered(facts)) {
      var wrong = Bars.wrong(facts.point(), result);
      var style =
          wrong.isPresent()
              ? " class=\"out\""
              : best.filter(result.model()::equals).isPresent() ? " class=\"best\"" : "";
      html.append(
          "<tr%s><th scope=\"row\">%s%s</th>"
              .formatted(
                  style,
                  begin(result.model().title()),
                  wrong.map(text -> " <span class=\"alarm\">(" + text + ")</span>").orElse("")));
      for (var column : columns) {
        html.append("<td>").append(Html.text(column.cell().apply(result))).append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div></section>\n").toString();
  }
}
