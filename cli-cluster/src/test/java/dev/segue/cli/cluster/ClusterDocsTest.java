package dev.segue.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.fixtures.Snippets;
import dev.segue.fixtures.Snippets.Block;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of the documents that need Spark to compile. */
class ClusterDocsTest {
  /** What statements may use without saying so. */
  private static final String AROUND =
      """
      import dev.segue.cluster.*;
      import dev.segue.futures.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;
      static final List<String> urls = List.of();
      static String fetch(String url) { return url; }
      static void work(int number) {}
      static void log(Object message) {}
      void main() throws Throwable {
      """;

  @TempDir Path classes;

  @Test
  void everyJavaBlockCompiles() {
    var blocks = Snippets.all().stream().filter(Block::needsCluster).toList();

    assertThat(blocks).isNotEmpty();
    assertThat(Snippets.compile(blocks, AROUND, classes)).isEmpty();
  }
}
