package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
  private static final Result RESULT =
      Results.roundTrip(
          Map.of(SEGUE, samples(20.0, 30.0, 40.0), CPYTHON, samples(80.0), BARE, samples(20.0)));

  @Test
  void aPictureSaysInWordsWhatItShows() throws Exception {
    assertThat(parse(Chart.picture(RESULT)).getDocumentElement().getAttribute("aria-label"))
        .isEqualTo(
            "round trip, medians, best first: bare JVMs 20.0 µs; Segue 30.0 µs; CPython 80.0 µs");
  }

  @Test
  void barsAreAsLongAsMediansAndLinesGoFromTheLeastToTheMost() throws Exception {
    var picture = parse(Chart.picture(RESULT));
    var bars = picture.getElementsByTagName("rect");
    assertThat(((Element) bars.item(2)).getAttribute("class")).isEqualTo("bar segue");
    assertThat(((Element) bars.item(2)).getAttribute("width")).isEqualTo("168.0");
    assertThat(((Element) bars.item(3)).getAttribute("width")).isEqualTo("448.0");
    var spread = (Element) picture.getElementsByTagName("path").item(1);
    assertThat(spread.getAttribute("d")).startsWith("M128.0 ").contains("H240.0");
  }

  @Test
  void whatStandsInAPageHasNoStyleOfItsOwn() {
    assertThat(Chart.partOfPage(RESULT)).doesNotContain("<style>");
    assertThat(Chart.picture(RESULT)).contains("prefers-color-scheme: dark");
  }

  static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
