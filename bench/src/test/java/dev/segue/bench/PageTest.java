package dev.segue.bench;

import static dev.segue.bench.Contender.CPYTHON;
import static dev.segue.bench.Contender.GO;
import static dev.segue.bench.Contender.SEGUE;
import static dev.segue.bench.Results.samples;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final String PAGE =
      Page.of(
          List.of(
              new Result(
                  LoopWork.SWITCH.subject(),
                  Map.of(SEGUE, samples(20.0), GO, samples(10.0)),
                  Map.of(),
                  List.of(CPYTHON),
                  List.of(),
                  Map.of(Contender.KOTLIN, "it said last: <init> & more"))),
          Map.of("rounds", 3, "missing", Map.of("Rust tokio", "no cargo")));

  @Test
  void needsNothingFromElsewhere() {
    assertThat(PAGE.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "src=", "href=", "<script", "@import", "url(");
  }

  @Test
  void hasTheFiguresTheBarsAndWhoIsMissing() {
    assertThat(PAGE)
        .contains("<td>20.0</td>", "<td class=\"bad\">2.00 × faster</td>", "★ Go")
        .contains("≤ 1.7 × raw Continuation", "not measured")
        .contains("No such work: CPython.")
        .contains("<dt>missing: Rust tokio</dt><dd>no cargo</dd>", "<dt>rounds</dt><dd>3</dd>");
  }

  @Test
  void textsAreEscaped() {
    assertThat(PAGE).contains("it said last: &lt;init&gt; &amp; more").doesNotContain("<init>");
  }

  @Test
  void tagsAreBalanced() throws Exception {
    var body = PAGE.substring(PAGE.indexOf("<main>"), PAGE.indexOf("</body>"));
    assertThat(ChartTest.parse(body).getElementsByTagName("section").getLength()).isEqualTo(3);
  }
}
