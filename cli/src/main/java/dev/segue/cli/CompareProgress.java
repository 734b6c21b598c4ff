package dev.segue.cli;

import dev.segue.compare.Finding;
import dev.segue.compare.Model;
import dev.segue.compare.Progress;
import org.jspecify.annotations.Nullable;

/** Shows on a terminal how a comparison goes on: how much is done, what is run, the time left. */
final class CompareProgress implements Progress {
  /** Before that, nobody can tell how long the rest takes. */
  private static final double ENOUGH = 0.05;

  private final ProgressLine line;
  private final long began = System.nanoTime();
  private int findings;

  CompareProgress(ProgressLine line) {
    this.line = line;
  }

  @Override
  public void step(Model model, String step, @Nullable String value, double done) {
    line.show(text(model, step, value, done, System.nanoTime() - began));
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

  @Override
  public void found(Finding finding) {
    findings++;
  }
}
