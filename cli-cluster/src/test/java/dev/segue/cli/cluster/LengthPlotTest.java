package dev.segue.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.segue.bench.Contender;
import dev.segue.bench.Measurement;
import dev.segue.bench.Result;
import dev.segue.bench.Subject;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class LengthPlotTest {
  private static final Map<Duration, Result> RESULTS =
      Map.of(
          Duration.ofMillis(1), result(10, 80, 90),
          Duration.ofMillis(10), result(40, 88, 95),
          Duration.ofMillis(100), result(90, 95, 99));

  private static Result result(double segue, double batched, double pool) {
    return new Result(
        new Subject("length", "tasks", "%", false),
        Map.of(
            Contender.SEGUE, new Measurement(List.of(segue)),
            ClusterBenchmark.BATCHED, new Measurement(List.of(batched)),
            ClusterBenchmark.PROCESS_POOL, new Measurement(List.of(pool))),
        Map.of(),
        List.of(),
        List.of(),
        Map.of());
  }

  @Test
  void isADocumentWithALineForEach() throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(LengthPlot.of(RESULTS))));
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(3);
    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(9);
  }

  @Test
  void saysFromWhereOnAClusterReachesHalfOfThePool() {
    // 40/95 at 10 ms and 90/99 at 100 ms: between the two, nearer to the first.
    assertThat(LengthPlot.from(RESULTS, Contender.SEGUE, 0.5).orElseThrow())
        .isBetween(Duration.ofMillis(11), Duration.ofMillis(20));
    assertThat(LengthPlot.from(RESULTS, ClusterBenchmark.BATCHED, 0.5))
        .contains(Duration.ofMillis(1));
    assertThat(LengthPlot.from(RESULTS, Contender.SEGUE, 0.99)).isEmpty();
    assertThat(LengthPlot.of(RESULTS))
        .contains("cluster from 1")
        .contains("in batches from 1.0 ms on");
  }

  @Test
  void ofNothingThereIsNone() {
    assertThatIllegalStateException().isThrownBy(() -> LengthPlot.of(Map.of()));
  }

  @Test
  void lengthsAreWrittenAsTheyAreRead() {
    assertThat(LengthPlot.text(Duration.ofNanos(100_000))).isEqualTo("0.1 ms");
    assertThat(LengthPlot.text(Duration.ofMillis(300))).isEqualTo("300 ms");
    assertThat(LengthPlot.text(Duration.ofSeconds(1))).isEqualTo("1 s");
  }
}
