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
import java.util.regex.Pattern;
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
    var rows =
        List.of(
            "\\| `Thread.sleep` \\| .*`InterruptedException`, .*\\| cancelled \\|",
            "\\| `FileChannel.read` of a pipe \\| .*does not end it.*`Cancelled`, ",
            "\\| `LockSupport.park` \\| .*it returns, .*\\| set \\| .*\\| success \\|");
    var measured = measure(60);
    // A busy machine may take longer to end a wait than such a short one would have lasted.
    for (int millis = 240; millis < 4_000 && !hasAll(measured, rows); millis *= 4) {
      measured = measure(millis);
    }
    for (var row : rows) {
      assertThat(measured).containsPattern(row);
    }
  }

  private static boolean hasAll(String text, List<String> patterns) {
    return patterns.stream().allMatch(pattern -> Pattern.compile(pattern).matcher(text).find());
  }

  private static String measure(int millis) throws Exception {
    var calls = List.of("`Thread.sleep`", "`LockSupport.park`", "`FileChannel.read` of a pipe");
    var out = new ByteArrayOutputStream();
    new WhatWaits(new PrintStream(out), millis).print(row -> calls.contains(row.call()));
    return out.toString();
  }
}
