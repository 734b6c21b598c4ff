package dev.segue.compare;

import static dev.segue.compare.Figures.begin;

import dev.segue.inspect.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
            Map.entry("TITLE", Html.text(Headline.title(report))),
            Map.entry("STYLES", join(" ", hash(style), hash(plotStyle), Page.styleSource())),
            Map.entry("SCRIPTS", join(" ", hash(plot), hash(script), Page.scriptSource())),
            Map.entry("STYLE", style),
            Map.entry("PLOT_STYLE", plotStyle),
            Map.entry("READY", isSweep ? "" : " data-ready=\"true\""),
            Map.entry("FACTS", Html.text(Headline.facts(report))),
            Map.entry("EARLY", report.complete() ? "" : EARLY),
            Map.entry("REASON", reason(Reason.of(report))),
            Map.entry("BODY", isSweep ? sweep(report) : single(report)),
            Map.entry("METHOD", HowMeasured.html(report)),
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
    return findings(report) + point(facts);
  }

  private static String sweep(Report report) throws IOException {
    var curves = Curves.of(report);
    var html = new StringBuilder();
    html.append(findings(report));
    html.append(CurvesSection.html(curves));
    for (var facts : curves.facts()) {
      boolean last = facts.equals(curves.facts().getLast());
      html.append(
          "<details class=\"point\"%s><summary>%s</summary>\n%s</details>\n"
              .formatted(last ? " open" : "", Html.text(Headline.at(facts)), point(facts)));
    }
    return html.toString();
  }

  private static String point(Facts facts) throws IOException {
    if (facts.point().results().isEmpty()) {
      return "<p>Nothing was measured.</p>\n";
    }
    return BarCharts.html(facts)
        + Latencies.html(facts)
        + FiguresTable.html(facts)
        + timelines(facts);
  }

  private static String findings(Report report) {
    var html = new StringBuilder();
    for (var point : report.points()) {
      var at = point.swept() == null ? "" : " at " + point.swept() + " = " + point.value();
      point.findings().forEach(finding -> html.append(finding(finding, at)));
    }
    return html.isEmpty()
        ? ""
        : "<section class=\"wide found\"><h2>What was found</h2>\n<ul class=\"findings\">\n"
            + html
            + "</ul></section>\n";
  }

  private static String finding(Finding finding, String at) {
    return "<li class=\"%s\"><b>%s:</b> %s%s</li>\n"
        .formatted(
            finding.kind().isWrong() ? "wrong" : "doubtful",
            Html.text(
                begin(finding.model().title()) + at + ", " + ReportText.words(finding.kind())),
            Html.text(finding.text()),
            finding.at() == null || finding.text().contains(finding.at())
                ? ""
                : " <code>" + Html.text(finding.at()) + "</code>");
  }

  private static String timelines(Facts facts) throws IOException {
    var recordings = facts.point().recordings();
    if (recordings.isEmpty()) {
      return "";
    }
    var order = Bars.ordered(facts).stream().map(ModelResult::model).toList();
    var timelines = SideBySide.of(recordings, order);
    return """
    <section class="wide timelines"><h2>Where the time went, model by model</h2>
    <p class="note">One more repetition of each model, recorded: all begin at 0 on one time axis. Some of its threads or tasks stand for all of them.</p>
    <iframe height="%d" title="Timelines of the models" sandbox="allow-scripts" srcdoc="%s"></iframe>
    </section>
    """
        .formatted(timelines.height(), Html.text(timelines.page()));
  }
}
