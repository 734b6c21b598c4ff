package dev.segue.compare;

import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportPictureTest {
  private static Document parse(Report report) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(ReportPicture.of(report))));
  }

  @Test
  void itSaysInWordsWhatItShows() throws Exception {
    var report =
        Reports.of(WAITS)
            .with(SYNC, 30)
            .with(THREADS, 60)
            .with(new ModelResult(Model.PROCESS_POOL, 0, 0, true, List.of()))
            .report();
    assertThat(parse(report).getDocumentElement().getAttribute("aria-label"))
        .isEqualTo(
            "Fetch, wall times, best first: one after the other 30 ms; a thread for each job 60 ms;"
                + " process pool not measured");
  }

  @Test
  void aBarIsAsLongAsItsTime() throws Exception {
    var report = Reports.of(null).with(SYNC, 50).withAll(THREADS, 1, 60, 100, 100, 100).report();
    var bars = parse(report).getElementsByTagName("rect");
    assertThat(((Element) bars.item(1)).getAttribute("width")).isEqualTo("47.62%");
    assertThat(((Element) bars.item(2)).getAttribute("width")).isEqualTo("95.24%");
    assertThat(((Element) bars.item(1)).getAttribute("class")).isEqualTo("bar best");
  }

  @Test
  void timesThatAreFarApartAreShownByTheirLogarithms() throws Exception {
    var report = Reports.of(null).withAll(SYNC, 1, 60, 10).withAll(THREADS, 1, 60, 1_000).report();
    var bars = parse(report).getElementsByTagName("rect");
    var ten = Double.parseDouble(((Element) bars.item(1)).getAttribute("width").replace("%", ""));
    var thousand =
        Double.parseDouble(((Element) bars.item(2)).getAttribute("width").replace("%", ""));
    assertThat(thousand).isBetween(2.9 * ten, 3.1 * ten); // three decades from 1 ms, and one
  }

  @Test
  void namesAreText() throws Exception {
    var point = Reports.of(WAITS).with(SYNC, 1).point();
    var picture = parse(Reports.report("<script>\"&", point));
    assertThat(picture.getElementsByTagName("script").getLength()).isZero();
    assertThat(picture.getElementsByTagName("text").item(0).getTextContent())
        .isEqualTo("<script>\"&");
  }

  @Test
  void itSuitsLightAndDark() {
    assertThat(ReportPicture.of(Reports.of(WAITS).with(SYNC, 1).report()))
        .contains("prefers-color-scheme: dark");
  }

  @Test
  void ofASweepItSaysInWordsWhatTheCurvesDo() throws Exception {
    var few = Reports.of(WAITS).with(SYNC, 1).with(THREADS, 2).at("jobs", "1");
    var many = Reports.of(WAITS).with(SYNC, 7).with(THREADS, 2).at("jobs", "7");
    assertThat(parse(Reports.report(many, few)).getDocumentElement().getAttribute("aria-label"))
        .contains("It depends: up to about ")
        .endsWith(".");
  }

  @Test
  void thereIsNoPictureOfNothing() {
    assertThatThrownBy(() -> ReportPicture.of(Reports.report()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no point was measured");
  }

  @Test
  void ofASweepItHasACurveForEachModelAndTheCrossovers() {
    var few = Reports.of(WAITS).with(SYNC, 10).with(Model.THREAD_POOL, 20);
    var many = Reports.of(WAITS).with(SYNC, 400).with(Model.THREAD_POOL, 200);
    var svg = ReportPicture.of(Reports.report(few.at("jobs", "10"), many.at("jobs", "1000")));
    assertThat(svg)
        .contains("<g class=\"sync\">", "<g class=\"thread-pool\">", "A thread pool pays from")
        .containsPattern("class=\"curve\" d=\"M\\d+\\.\\d \\d+\\.\\d L")
        .doesNotContain("NaN", "<g class=\"event-loop\">");
  }

  @Test
  void aSweepOfTextsHasNoCrossoversAndMayLackAModel() {
    var one = Reports.of(WAITS).with(SYNC, 10).with(THREADS, 20);
    var other = Reports.of(WAITS).with(SYNC, 400);
    var svg = ReportPicture.of(Reports.report(one.at("file", "<a>"), other.at("file", "b")));
    assertThat(svg).contains("&lt;a&gt;", "<g class=\"threads\">").doesNotContain("NaN", "<a>");
  }

  @Test
  void curvesHaveTheColoursOfThePage() {
    var page = ComparisonPage.resource("comparison.css");
    var picture = ComparisonPage.resource("curves.css");
    for (var model : Model.values()) {
      var colours =
          Pattern.compile("--" + model.id() + ": light-dark\\((\\S+), (\\S+)\\)").matcher(page);
      assertThat(colours.find()).isTrue();
      assertThat(picture)
          .containsSubsequence(
              "." + model.id() + " { color: " + colours.group(1),
              "." + model.id() + " { color: " + colours.group(2));
    }
  }
}
