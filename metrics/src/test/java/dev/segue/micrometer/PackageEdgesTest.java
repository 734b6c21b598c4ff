package dev.segue.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ClassFiles;
import dev.segue.fixtures.PackageEdges;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** This module is not on the class path of the test that looks at the others. */
class PackageEdgesTest {
  private static final List<String> MAY_USE =
      List.of(
          "org.jspecify.annotations",
          "dev.segue",
          "dev.segue.process",
          "dev.segue.inspect",
          "io.micrometer.core.instrument",
          "io.micrometer.core.instrument.binder");

  @Test
  void itUsesOnlyWhatIsBelow() throws IOException {
    var classFiles = ClassFiles.of(LoopMetrics.class);
    assertThat(classFiles).isNotEmpty();
    var rules = new PackageEdges(Map.of(LoopMetrics.class.getPackageName(), MAY_USE));
    assertThat(rules.faults(classFiles)).isEmpty();
  }
}
