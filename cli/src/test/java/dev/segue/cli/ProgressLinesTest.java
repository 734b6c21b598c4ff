package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final StringWriter written = new StringWriter();
  private final ProgressLines lines = new ProgressLines(new PrintWriter(written));

  @Test
  void aFrameGoesOverTheOneBeforeAndNeverWraps() {
    assertThat(lines.frame(List.of("a", "b", "c")))
        .isEqualTo("\r\u001b[?7la\u001b[K\r\nb\u001b[K\r\nc\u001b[J\u001b[?7h");
    assertThat(lines.frame(List.of("d"))).isEqualTo("\r\u001b[?7l\u001b[2Ad\u001b[J\u001b[?7h");
    assertThat(lines.frame(List.of("e"))).isEqualTo("\r\u001b[?7le\u001b[J\u001b[?7h");
  }

  @Test
  void withoutATerminalNothingIsWritten() {
    lines.show(List.of("a", "b"));
    lines.show("");
    assertThat(written.toString()).isEmpty();
  }
}
