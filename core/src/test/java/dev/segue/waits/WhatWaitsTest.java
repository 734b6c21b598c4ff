package dev.segue.waits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.CarrierOnly;
import dev.segue.Difference;
import dev.segue.waits.WhatWaits.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program behind {@code docs/what-waits.md} runs, and the document has what it measures. */
@CarrierOnly(Difference.JDK_WAITS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WhatWaitsTest {
  @Test
  void theDocumentHasEachCallThatTheProgramMeasures() throws Exception {
    var document = Files.readString(Path.of("..", "docs", "what-waits.md"));
    assertThat(
            Stream.of(CooperativeWaits.ROWS, HoldingWaits.ROWS, SurprisingWaits.ROWS)
                .flatMap(List::stream)
                .map(Row::call))
        .hasSizeGreaterThan(45)
        .doesNotHaveDuplicates()
        .allMatch(call -> document.contains("\n| " + call + " | "));
  }

  @Test
  void theProgramMeasures() throws Exception {
    var calls = List.of("`Thread.sleep`", "`LockSupport.park`", "`FileChannel.read` of a pipe");
    var out = new ByteArrayOutputStream();
    new WhatWaits(new PrintStream(out), 60).print(row -> calls.contains(row.call()));
    assertThat(out.toString())
        .containsPattern("\\| `Thread.sleep` \\| .*`InterruptedException`, .*\\| cancelled \\|")
        .containsPattern("\\| `FileChannel.read` of a pipe \\| .*does not end it.*`Cancelled`, ")
        .containsPattern(
            "\\| `LockSupport.park` \\| .*it returns, .*\\| set \\| .*\\| success \\|");
  }
}
