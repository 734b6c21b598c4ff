package dev.segue.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of an {@link Interleaving}: a column for each task, and time goes down. */
final class Report {
  private static final int NUMBER = 8; // columns that the numbers of steps take
  private static final int WIDEST = 150; // columns side by side; above, one line after another
  private static final String LINE = System.lineSeparator();

  private final Recording recording;
  private final List<Interleaving.Step> steps = new ArrayList<>();
  private final List<Interleaving.Note> notes = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private Report(Recording recording) {
    this.recording = recording;
  }

  /**
   * Reports a run.
   *
   * @param run which was recorded
   * @param kind what went wrong
   * @param cause what was thrown, if anything
   * @param message what went wrong, in words
   * @param which which of the schedules it was, in words
   */
  static Interleaving of(
      Run run, Interleaving.Kind kind, @Nullable Throwable cause, String message, String which) {
    var recording = Objects.requireNonNull(run.recording());
    var open = recording.openWaits();
    recording.forgetTasks();
    var simulation = run.simulation();
    var replay = ReplayString.of(simulation.made(), simulation.course()).toString();
    var report = new Report(recording);
    var title = message.isBlank() ? kind.name() : message;
    var place = which + count(simulation.made());
    report.head(title, place);
    report.steps();
    for (var wait : open) {
      report.line("  " + wait);
    }
    report.text.append("replay: -Dsegue.replay=").append(replay);
    return new Interleaving(
        kind,
        cause,
        report.steps,
        report.notes,
        replay,
        report.text.toString(),
        recording,
        title,
        place);
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append(LINE);
  }

  private void head(String title, String place) {
    var lines = title.lines().toList();
    line(String.format("%-40s  %s", lines.getFirst(), place));
    lines.stream().skip(1).forEach(this::line);
  }

  private static String count(List<Decision> decisions) {
    return decisions.stream()
        .collect(Collectors.groupingBy(Decision::kind, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(each -> ", " + each.getValue() + " " + each.getKey().noun(each.getValue() > 1))
        .collect(Collectors.joining());
  }

  // --- the steps

  /** A line of the report. */
  private sealed interface Line permits Row, Mark {}

  /**
   * What the explorer did.
   *
   * @param text in words
   */
  private record Mark(String text) implements Line {
    @Override
    public String toString() {
      return "  ── " + text + " ──";
    }
  }

  /** Steps of one task that follow each other and look the same. */
  private record Row(int from, int to, int task, String text) implements Line {
    String numbers() {
      return from == to ? "" + from : from + "-" + to;
    }

    String cell() {
      return from == to ? text : text + " (" + (to - from + 1) + " steps)";
    }
  }

  private void steps() {
    var rows = rows();
    var lanes = new TreeSet<Integer>();
    for (var row : rows) {
      if (row instanceof Row step) {
        lanes.add(step.task);
      }
    }
    var widths = new int[recording.tasks()];
    for (int lane : lanes) {
      widths[lane] = recording.name(lane).length() + 2;
    }
    for (var row : rows) {
      if (row instanceof Row step) {
        widths[step.task] = Math.max(widths[step.task], step.cell().length() + 2);
      }
    }
    int width = NUMBER + 2;
    for (int each : widths) {
      width += each;
    }
    if (width > WIDEST) {
      list(rows);
    } else {
      lanes(rows, lanes, widths);
    }
  }

  private void lanes(List<Line> rows, SortedSet<Integer> lanes, int[] widths) {
    var heads = new StringBuilder(" ".repeat(NUMBER + 2));
    for (int lane : lanes) {
      heads.append(pad(recording.name(lane), widths[lane]));
    }
    line(heads.toString());
    for (var row : rows) {
      switch (row) {
        case Row step -> {
          int indent = lanes.headSet(step.task).stream().mapToInt(lane -> widths[lane]).sum();
          line("  " + pad(step.numbers(), NUMBER) + " ".repeat(indent) + step.cell());
        }
        case Mark mark -> line(mark.toString());
      }
    }
  }

  private void list(List<Line> rows) {
    for (var row : rows) {
      line(
          row instanceof Row step
              ? "  " + pad(step.numbers(), NUMBER) + recording.name(step.task) + ": " + step.cell()
              : row.toString());
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private List<Line> rows() {
    var rows = new ArrayList<Line>();
    for (var entry : recording.entries()) {
      switch (entry) {
        case Recording.Note(_, var note) -> {
          notes.add(new Interleaving.Note(steps.size(), note));
          rows.add(new Mark(note));
        }
        case Recording.Step step -> {
          int number = steps.size() + 1;
          steps.add(new Interleaving.Step(number, recording.name(step.task), step.text()));
          var before = rows.isEmpty() ? null : rows.getLast();
          if (before instanceof Row row && row.task == step.task && row.text.equals(step.text())) {
            rows.set(rows.size() - 1, new Row(row.from, number, row.task, row.text));
          } else {
            rows.add(new Row(number, number, step.task, step.text()));
          }
        }
      }
    }
    return rows;
  }
}
