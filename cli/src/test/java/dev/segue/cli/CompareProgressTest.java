package dev.segue.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.compare.Finding;
import dev.segue.compare.LiveTable;
import dev.segue.compare.Model;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class CompareProgressTest {
  private static final long SECOND = 1_000_000_000;

  private final CompareProgress progress =
      new CompareProgress(
          new ProgressLines(new PrintWriter(Writer.nullWriter())),
          new LiveTable(EnumSet.allOf(Model.class), 10, false));

  private String text(double done, long elapsed) {
    return progress.text(Model.VIRTUAL_THREADS, "repetition 3 of 10", null, done, elapsed);
  }

  @Test
  void theTimeLeftIsWhatTheRestTakesAtTheSamePace() {
    assertThat(text(0.25, 10 * SECOND))
        .isEqualTo(" 25 %  virtual threads, repetition 3 of 10, about 30 s left");
    assertThat(text(0.1, 10 * SECOND)).endsWith(", about 1 min 30 s left");
    assertThat(text(0.99, SECOND)).endsWith(", about 1 s left");
  }

  @Test
  void nobodyKnowsTheTimeLeftAtTheBeginningAndThereIsNoneAtTheEnd() {
    assertThat(text(0, SECOND)).isEqualTo("  0 %  virtual threads, repetition 3 of 10");
    assertThat(text(1, SECOND)).isEqualTo("100 %  virtual threads, repetition 3 of 10");
  }

  @Test
  void theValueOfASweepComesFirst() {
    assertThat(progress.text(Model.SYNC, "warming up", "10ms", 0, 0))
        .isEqualTo("  0 %  10ms: one after the other, warming up");
  }

  @Test
  void findingsAreCounted() {
    progress.found(new Finding(Model.THREADS, Finding.Kind.STALL, "", null));
    assertThat(text(0, 0)).endsWith(", 1 finding");
    progress.found(new Finding(Model.THREADS, Finding.Kind.STALL, "", null));
    assertThat(text(0, 0)).endsWith(", 2 findings");
  }
}
