package dev.segue.bench;

import static dev.segue.bench.Contender.BARE;
import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class PayloadPlotTest {
  private static final List<Result> RESULTS =
      List.of(
          Results.payload(1, Map.of(SEGUE, samples(0.1), BARE, samples(0.2))),
          Results.payload(1_000, Map.of(SEGUE, samples(100.0), BARE, samples(110.0))));

  @Test
  void isWellFormedXmlWithALineForEachWhoTookPart() throws Exception {
    var lines = parse(PayloadPlot.of(RESULTS)).getElementsByTagName("polyline");
    assertThat(lines.getLength()).isEqualTo(2);
    assertThat(((Element) lines.item(0)).getAttribute("class")).isEqualTo("segue");
    assertThat(((Element) lines.item(1)).getAttribute("class")).isEqualTo("bare");
  }

  @Test
  void aDecadeIsAsWideAnywhereAndMoreIsHigher() throws Exception {
    // 1 B to 1 kB, 100 kB/s to 100 MB/s: three decades each.
    var line = (Element) parse(PayloadPlot.of(RESULTS)).getElementsByTagName("polyline").item(0);
    assertThat(line.getAttribute("points")).isEqualTo("90.0,236.0 330.0,104.0");
  }

  @Test
  void namesAtTheEndsOfLinesDoNotOverlap() throws Exception {
    var texts = parse(PayloadPlot.of(RESULTS)).getElementsByTagName("text");
    var bare = (Element) texts.item(texts.getLength() - 2);
    var segue = (Element) texts.item(texts.getLength() - 1);
    assertThat(bare.getTextContent()).isEqualTo("bare JVMs");
    assertThat(segue.getTextContent()).isEqualTo("Segue");
    assertThat(y(segue) - y(bare)).isEqualTo(18);
  }

  @Test
  void isTheSameInEveryLocale() {
    var picture = PayloadPlot.of(RESULTS);
    var before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(PayloadPlot.of(RESULTS)).isEqualTo(picture);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void thereIsNothingToDrawWithoutPayloads() {
    var other = List.of(Results.roundTrip(Map.of(CPYTHON, samples(1.0))));
    assertThatIllegalArgumentException().isThrownBy(() -> PayloadPlot.of(other));
  }

  private static double y(Element text) {
    return Double.parseDouble(text.getAttribute("y"));
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
