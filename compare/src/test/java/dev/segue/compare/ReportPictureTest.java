package dev.segue.compare;

import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
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
  void ofASweepTheLastValueIsShown() throws Exception {
    var few = Reports.of(WAITS).with(SYNC, 1).at("jobs", "1");
    var many = Reports.of(WAITS).with(SYNC, 7).at("jobs", "7");
    assertThat(parse(Reports.report(many, few)).getDocumentElement().getAttribute("aria-label"))
        .endsWith("one after the other 7 ms");
  }

  @Test
  void thereIsNoPictureOfNothing() {
    assertThatThrownBy(() -> ReportPicture.of(Reports.report()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no point was measured");
  }
}
