package dev.segue.cli;

import dev.segue.compare.Finding;
import dev.segue.compare.LiveTable;
import dev.segue.compare.Model;
import dev.segue.compare.Progress;
import dev.segue.compare.Repetition;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shows on a terminal how a comparison goes on: what was measured so far, how much is done, what is
 * run, and the time left.
 */
final class CompareProgress implements Progress {
  /** Before that, nobody can tell how long the rest takes. */
  private static final double ENOUGH = 0.05;

  private final ProgressLines lines;
  private final LiveTable table;
  private long began = System.nanoTime();
  private @Nullable String value;
  private int findings;

  CompareProgress(ProgressLines lines, LiveTable table) {
    this.lines = lines;
    this.table = table;
  }

  @Override
  public void step(Model model, String step, @Nullable String value, double done) {
    if (done == 0) {
      began = System.nanoTime(); // that JVMs start says nothing of how long the rest takes
    }
    if (!Objects.equals(value, this.value)) {
      this.value = value;
      table.clear();
    }
    var all = new ArrayList<>(table.lines());
    all.add(text(model, step, value, done, System.nanoTime() - began));
    lines.show(all);
  }

  String text(Model model, String step, @Nullable String value, double done, long elapsed) {
    return "%3.0f %%  %s%s, %s%s%s"
        .formatted(
            100 * done,
            value == null ? "" : value + ": ",
            model.title(),
            step,
            done < ENOUGH || done >= 1 ? "" : ", about " + left(elapsed * (1 - done) / done),
            findings == 0 ? "" : ", " + findings + (findings == 1 ? " finding" : " findings"));
  }

  private static String left(double nanos) {
    long seconds = Math.max(1, Math.round(nanos / 1e9));
    return (seconds < 60 ? seconds + " s" : Texts.time(seconds * 1_000_000_000)) + " left";
  }

  /** The next step, which comes at once, shows it. */
  @Override
  public void measured(Model model, Repetition repetition) {
    table.measured(model, repetition);
  }

  @Override
  public void found(Finding finding) {
    table.found(finding);
    findings++;
  }
}
