package dev.segue.compare;

import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.bytes;
import static dev.segue.compare.Figures.count;
import static dev.segue.compare.Figures.percent;
import static dev.segue.compare.Figures.range;
import static dev.segue.compare.Figures.time;

import com.google.gson.Gson;
import dev.segue.inspect.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The page that shows a {@link Report}: one HTML file, which loads nothing and may be sent to
 * somebody. It has the verdict and its reasons, what went wrong, each model's times, costs and
 * latencies as bars and in a table, the curves of a sweep, and the models' timelines if they were
 * recorded.
 *
 * <p>The names of workloads and parameters are shown as text, whatever is in them.
 */
public final class ComparisonPage {
  private ComparisonPage() {}

  /**
   * Writes the page of a report into a file, which is replaced.
   *
   * @param report what to show
   * @param file the file, as {@code out.html}
   * @throws IOException if that fails, or if a recording in the report is damaged
   */
  public static void write(Report report, Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    Files.writeString(file, of(report));
  }

  /**
   * Returns the page of a report.
   *
   * @param report what to show
   * @return HTML
   * @throws IOException if a recording in the report is damaged, or goes through a temporary file
   *     that cannot be written
   */
  public static String of(Report report) throws IOException {
    Objects.requireNonNull(report, "report must not be null");
    var style = resource("bars.css") + resource("comparison.css");
    boolean isSweep = report.points().size() > 1;
    var plot = isSweep ? resource("uplot/uPlot.iife.min.js") : "";
    var script = isSweep ? resource("comparison.js") : "";
    var plotStyle = isSweep ? resource("uplot/uPlot.min.css") : "";
    return Html.fill(
        resource("comparison.html"),
        Map.ofEntries(
            Map.entry("TITLE", Html.text(title(report))),
            Map.entry("STYLES", join(" ", hash(style), hash(plotStyle), Page.styleSource())),
            Map.entry("SCRIPTS", join(" ", hash(plot), hash(script), Page.scriptSource())),
            Map.entry("STYLE", style),
            Map.entry("PLOT_STYLE", plotStyle),
            Map.entry("READY", isSweep ? "" : " data-ready=\"true\""),
            Map.entry("FACTS", Html.text(facts(report))),
            Map.entry("EARLY", report.complete() ? "" : EARLY),
            Map.entry("REASON", reason(Reason.of(report))),
            Map.entry("BODY", isSweep ? sweep(report) : single(report)),
            Map.entry("METHOD", method(report)),
            Map.entry(
                "SCRIPTS_OF_SWEEP",
                isSweep
                    ? "<script>%s</script>\n<!--\nuPlot's licence:\n\n%s-->\n<script>%s</script>"
                        .formatted(plot, resource("uplot/LICENSE"), script)
                    : "")));
  }

  private static final String EARLY =
      "<p class=\"early\">This comparison was ended early. The page has what was measured until"
          + " then.</p>";

  private static String join(String separator, String... texts) {
    return String.join(separator, texts);
  }

  static String resource(String name) {
    try (var in = ComparisonPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the page's policy allows: this text, and no other. */
  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  // --- the head

  /** The workload, without its package. */
  static String title(Report report) {
    var name = report.workload();
    return name.matches("[\\w.$]+")
        ? name.substring(name.lastIndexOf('.') + 1).replace('$', '.')
        : name;
  }

  /** What it was told, as {@code jobs = 100 · length = 20ms · 8 workers}. */
  private static String conditions(Report report) {
    var all = new ArrayList<String>();
    var swept = report.points().isEmpty() ? null : report.points().getFirst().swept();
    new TreeMap<>(report.parameters())
        .forEach((name, value) -> {
          if (!name.equals(swept)) {
            all.add(name + " = " + value);
          }
        });
    if (!"workers".equals(swept)) {
      all.add(Figures.counted(report.workers(), "worker"));
    }
    if (report.rate() > 0) {
      all.add(Figures.rate(report.rate()));
    }
    return String.join(" · ", all);
  }

  /** The same for one point. */
  static String conditions(Facts facts) {
    var point = facts.point();
    var common = conditions(facts.report());
    return point.swept() == null ? common : at(facts) + " · " + common;
  }

  private static String at(Facts facts) {
    return facts.point().swept() + " = " + facts.point().value();
  }

  private static String facts(Report report) {
    var at =
        DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm", Locale.ENGLISH)
            .withZone(ZoneId.systemDefault())
            .format(report.at());
    return conditions(report) + " · " + at + " · " + Baseline.text(report.machine());
  }

  private static String reason(Reason reason) {
    return "<p class=\"verdict\">%s</p>\n<div class=\"reasons\">\n%s%s%s</div>\n"
        .formatted(
            Html.text(reason.verdict()),
            sentences("Why", reason.because()),
            sentences(reason.titleOfUnless(), reason.unless()),
            sentences(reason.titleOfTraps(), reason.traps()));
  }

  private static String sentences(String title, List<String> sentences) {
    return sentences.isEmpty()
        ? ""
        : "<section><h2>%s</h2>\n%s</section>\n"
            .formatted(
                Html.text(title),
                sentences.stream()
                    .map(each -> "<p>" + Html.text(each) + "</p>\n")
                    .collect(Collectors.joining()));
  }

  // --- one point, and several

  private static String single(Report report) throws IOException {
    if (report.points().isEmpty()) {
      return "";
    }
    var facts = new Facts(report, report.points().getFirst());
    return findings(facts.point().findings()) + point(facts);
  }

  private static String sweep(Report report) throws IOException {
    var curves = Curves.of(report);
    var html = new StringBuilder();
    var findings = new ArrayList<Finding>();
    report.points().forEach(point -> findings.addAll(point.findings()));
    html.append(findings(findings));
    html.append(
        """
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
                        : " Where two cross, the place is marked."),
                new Gson().toJson(CurvesData.of(curves)),
                curveTable(curves)));
    for (var facts : curves.facts()) {
      boolean last = facts.equals(curves.facts().getLast());
      html.append(
          "<details class=\"point\"%s><summary>%s</summary>\n%s</details>\n"
              .formatted(last ? " open" : "", Html.text(at(facts)), point(facts)));
    }
    return html.toString();
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

  private static String point(Facts facts) throws IOException {
    if (facts.point().results().isEmpty()) {
      return "<p>Nothing was measured.</p>\n";
    }
    var html = new StringBuilder("<div class=\"charts\">\n");
    html.append(wallTimes(facts));
    html.append(
        bars(
            "Processor time",
            "In all processes of a model: what the jobs cost.",
            Bars.of(facts, Repetition::processor, Figures::time),
            bar -> ""));
    html.append(
        bars(
            "Memory",
            "The most that all processes of a model had in use.",
            Bars.of(facts, Repetition::memory, Figures::bytes),
            bar -> ""));
    html.append("</div>\n")
        .append(Latencies.html(facts))
        .append(table(facts))
        .append(timelines(facts));
    return html.toString();
  }

  private static String findings(List<Finding> findings) {
    if (findings.isEmpty()) {
      return "";
    }
    var html =
        new StringBuilder(
            "<section class=\"wide\"><h2>What was found</h2>\n<ul class=\"findings\">\n");
    for (var finding : findings) {
      html.append(
          "<li class=\"%s\"><b>%s:</b> %s%s</li>\n"
              .formatted(
                  finding.kind().isWrong() ? "wrong" : "doubtful",
                  Html.text(
                      begin(finding.model().title())
                          + ", "
                          + finding.kind().id().replace('-', ' ')),
                  Html.text(finding.text()),
                  finding.at() == null || finding.text().contains(finding.at())
                      ? ""
                      : " <code>" + Html.text(finding.at()) + "</code>"));
    }
    return html.append("</ul></section>\n").toString();
  }

  // --- bars

  private static String wallTimes(Facts facts) {
    var sync = facts.of(Model.SYNC);
    return bars(
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
                : factor(sync.get().wall().median() / Math.max(1, bar.estimate().median()))
                    + " as fast");
  }

  private static String bars(
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

  // --- the table

  private record Column(String title, Function<ModelResult, String> cell) {}

  private static Column column(
      String title, ToLongFunction<Repetition> figure, Function<Double, String> text) {
    return new Column(
        title,
        result -> result.repetitions().isEmpty() ? "" : text.apply(result.median(figure).median()));
  }

  private static final String OF_THE_LIMIT = "Of the limit";

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
                    sync.isEmpty() ? "" : factor(sync.get().wall().median() / Math.max(1, wall))),
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
            column("Memory", Repetition::memory, Figures::bytes),
            new Column("Start-up", result -> time(result.startUp())));
    return limit.isPresent()
        ? columns
        : columns.stream().filter(each -> !each.title().equals(OF_THE_LIMIT)).toList();
  }

  private static String table(Facts facts) {
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

  private static String factor(double factor) {
    return Figures.times(factor).replace(" times", "×");
  }

  // --- timelines

  private static String timelines(Facts facts) throws IOException {
    var recordings = facts.point().recordings();
    if (recordings.isEmpty()) {
      return "";
    }
    var order = Bars.ordered(facts).stream().map(ModelResult::model).toList();
    return """
    <section class="wide"><h2>Where the time went, model by model</h2>
    <p class="note">One more repetition of each model, recorded: all begin at 0 on one time axis. Some of its threads or tasks stand for all of them.</p>
    <iframe title="Timelines of the models" sandbox="allow-scripts" srcdoc="%s"></iframe>
    </section>
    """
        .formatted(Html.text(SideBySide.page(recordings, order)));
  }

  // --- how it was measured

  private static String method(Report report) {
    var counts =
        report.points().stream()
            .flatMap(point -> point.results().stream())
            .map(result -> result.repetitions().size())
            .filter(size -> size > 0)
            .toList();
    var warmUps =
        report.points().stream()
            .flatMap(point -> point.results().stream())
            .mapToInt(ModelResult::warmUps)
            .summaryStatistics();
    var texts = new ArrayList<String>();
    texts.add("Each model ran in a JVM of its own, which ran all jobs again and again.");
    if (!counts.isEmpty()) {
      int least = counts.stream().min(Integer::compare).orElseThrow();
      int most = counts.stream().max(Integer::compare).orElseThrow();
      texts.add(
          "The first repetitions of a model (%s) were warm-up and do not count: until its times varied"
                  .formatted(between(warmUps.getMin(), warmUps.getMax()))
              + " by less than 3 %, or its time for warming up had passed. "
              + "Of those that count there were %s, the models taking turns."
                  .formatted(between(least, most)));
    }
    texts.add(
        "A figure is the median of the repetitions. Its 95 % confidence interval is by bootstrap: what"
            + " the median would be if the repetitions had come out a little differently. Where two"
            + " intervals overlap, nobody can tell which is less.");
    texts.add(
        "A job's latency is the time from when it was due to its end. Memory is the resident memory of"
            + " all processes of a model. The start of the JVMs is not part of the times.");
    for (var point : report.points()) {
      var profile = point.profile();
      if (profile != null && (report.points().size() == 1)) {
        texts.add(
            "One after the other, %s: %s each (the longest %s), %s in all, of which they waited %s."
                    .formatted(
                        Figures.counted(profile.jobs(), "job"),
                        time(profile.median()),
                        time(profile.longest()),
                        time(profile.total()),
                        percent(profile.waiting()))
                + (profile.bytes() == 0
                    ? ""
                    : " To a process and back, %s travel.".formatted(bytes(profile.bytes()))));
      }
    }
    texts.add("The machine: " + Baseline.text(report.machine()) + ".");
    return texts.stream()
        .map(each -> "<p>" + Html.text(each) + "</p>\n")
        .collect(Collectors.joining());
  }

  private static String between(int least, int most) {
    return least == most ? String.valueOf(least) : least + " to " + most;
  }
}
