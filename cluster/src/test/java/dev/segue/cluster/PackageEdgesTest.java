package dev.segue.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.ClassFiles;
import dev.segue.fixtures.PackageEdges;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What this module uses beside Spark, which is in many packages. It is not on the class path of the
 * test that looks at the others.
 */
class PackageEdgesTest {
  private static final List<String> MAY_USE =
      List.of(
          "org.jspecify.annotations",
          "com.google.errorprone.annotations.concurrent",
          "dev.segue.futures",
          "dev.segue.futures.internal",
          "dev.segue.process.codec");

  private static final Predicate<String> USES_SPARK =
      Pattern.compile(" uses (org\\.apache\\.spark|scala)\\.").asPredicate();

  @Test
  void itUsesOnlyWhatIsBelow() throws IOException {
    var classFiles = ClassFiles.of(SparkExecutor.class);
    assertThat(classFiles).isNotEmpty();
    var rules = new PackageEdges(Map.of(SparkExecutor.class.getPackageName(), MAY_USE));
    assertThat(rules.faults(classFiles)).allMatch(USES_SPARK);
  }
}
