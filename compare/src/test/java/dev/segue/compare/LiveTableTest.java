package dev.segue.compare;

import static dev.segue.compare.Model.EVENT_LOOP;
import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.VIRTUAL_THREADS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class LiveTableTest {
  private final LiveTable table =
      new LiveTable(EnumSet.of(SYNC, VIRTUAL_THREADS, PROCESS_POOL), 10, false);

  private static Repetition wall(double millis) {
    return new Repetition((long) (millis * Reports.MS), 0, 0, 0, 0, 0, 0);
  }

  private static Finding finding(Model model, Finding.Kind kind) {
    return new Finding(model, kind, "", null);
  }

  @Test
  void eachModelHasItsMedianSpeedUpRepetitionsAndBar() {
    table.measured(SYNC, wall(100));
    table.measured(VIRTUAL_THREADS, wall(20));
    table.measured(VIRTUAL_THREADS, wall(25));
    table.measured(VIRTUAL_THREADS, wall(90));
    assertThat(table.lines())
        .containsExactly(
            "  one after the other     100 ms    1.00 ×      1 of 10 ████████████████████",
            "  virtual threads          25 ms    4.00 ×      3 of 10 █████",
            "  process pool                                  0 of 10");
  }

  @Test
  void withoutSyncThereIsNoSpeedUp() {
    table.measured(VIRTUAL_THREADS, wall(20));
    assertThat(table.lines().get(1)).matches("  virtual threads +20 ms +1 of 10 █+");
  }

  @Test
  void ofWhatIsWrongNoTimesAreShown() {
    table.measured(SYNC, wall(100));
    table.measured(VIRTUAL_THREADS, wall(1_000));
    table.found(finding(VIRTUAL_THREADS, Finding.Kind.WRONG_RESULT));
    table.found(finding(SYNC, Finding.Kind.STALL));
    assertThat(table.lines().get(1)).isEqualTo("x virtual threads        wrong result");
    assertThat(table.lines().get(0)).contains("100 ms").endsWith("█".repeat(20));
  }

  @Test
  void whatIsWrongIsRedWhereThereAreColours() {
    var coloured = new LiveTable(EnumSet.of(EVENT_LOOP), 10, true);
    coloured.found(finding(EVENT_LOOP, Finding.Kind.JOB_FAILED));
    assertThat(coloured.lines().getFirst()).startsWith("\u001b[31mx event loop");
    table.found(finding(PROCESS_POOL, Finding.Kind.JOB_FAILED));
    assertThat(table.lines()).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void nothingIsLeftOfTheValueBefore() {
    var before = table.lines();
    table.measured(SYNC, wall(100));
    table.found(finding(PROCESS_POOL, Finding.Kind.TIMED_OUT));
    table.clear();
    assertThat(table.lines()).isEqualTo(before);
  }

  @Test
  void everyLineFitsIntoATerminal() {
    var wide = new LiveTable(EnumSet.allOf(Model.class), 1_000, false);
    for (var model : Model.values()) {
      wide.measured(model, wall(7_199_000));
    }
    wide.measured(EVENT_LOOP, wall(0));
    wide.measured(EVENT_LOOP, wall(0));
    assertThat(wide.lines()).allMatch(line -> line.length() <= 79);
  }
}
