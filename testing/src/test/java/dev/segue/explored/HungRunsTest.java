package dev.segue.explored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ChildJvm;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of a run that hangs nothing is left, and nothing is logged. */
class HungRunsTest {
  private static final long NOISE_BYTES = 60_000;

  @ParameterizedTest
  @CsvSource({"segue, 500", "jdk, 10"})
  void leaveNothingBehind(String waits, int runs) throws IOException, InterruptedException {
    explore(waits, runs);
  }

  @ParameterizedTest
  @CsvSource({"segue, 20000", "jdk, 500"})
  @Tag("long")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void areNoMatterHoweverManyThereAre(String waits, int runs)
      throws IOException, InterruptedException {
    explore(waits, runs);
  }

  private static void explore(String waits, int runs) throws IOException, InterruptedException {
    try (var jvm =
        ChildJvm.of(HungRuns.class)
            .options("-Xmx64m")
            .arguments(waits, Integer.toString(runs))
            .start()) {
      assertThat(Long.parseLong(jvm.line("grown"))).isLessThan(NOISE_BYTES);
      assertThat(jvm.line("logged")).isEqualTo("0");
    }
  }
}
