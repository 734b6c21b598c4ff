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

  private static List<String> fitting(int height, int width, String... lines) {
    return ProgressLines.fitting(List.of(lines), new TerminalSize(height, width));
  }

  @Test
  void aWindowThatIsTooLowHasTheLastLineOnly() {
    assertThat(fitting(3, 80, "a", "b", "c")).containsExactly("a", "b", "c");
    assertThat(fitting(2, 80, "a", "b", "c")).containsExactly("c");
  }

  @Test
  void aWindowThatIsTooNarrowCutsLinesAndNoColour() {
    assertThat(fitting(9, 4, "abcdef", "\u001b[2mabcdef\u001b[0m", "abc"))
        .containsExactly("abcd", "\u001b[2mabcd\u001b[0m", "abc");
  }

  @Test
  void aTerminalOfUnknownSizeHasRoomForAll() {
    for (var printed : new String[] {"0 0", "", null, "stty: no", "24"}) {
      assertThat(TerminalSize.of(printed)).isEqualTo(TerminalSize.UNKNOWN);
    }
    assertThat(TerminalSize.of("5 50")).isEqualTo(new TerminalSize(5, 50));
  }
}
