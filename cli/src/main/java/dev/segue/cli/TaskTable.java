package dev.segue.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi.Style;

/** The tasks of a process as a table for each loop. */
final class TaskTable {
  private static final List<String> HEADINGS =
      List.of("ID", "TASK", "STATE", "FOR", "WAITS FOR", "AT");

  private final Snapshot snapshot;
  private final boolean stacks;
  private final LookOptions style;
  private final StringBuilder text = new StringBuilder();

  TaskTable(Snapshot snapshot, boolean stacks, LookOptions style) {
    this.snapshot = snapshot;
    this.stacks = stacks;
    this.style = style;
  }

  String text() {
    return snapshot.text(this::text, style)
        + (snapshot.untaken() == 0
            ? ""
            : "\n\nAT is blank for %,d tasks, whose stacks would have taken too long; --stacks=all takes"
                    .formatted(snapshot.untaken())
                + " them");
  }

  private String text(Snapshot.Loop loop) {
    text.setLength(0);
    text.append(heading(loop, style)).append('\n');
    if (!loop.tasks().isEmpty()) {
      addTasks(loop.tasks());
    }
    return text.toString().stripTrailing();
  }

  /** What there is to say of a loop. */
  static String heading(Snapshot.Loop loop, LookOptions style) {
    var counts = new HashMap<String, Integer>();
    loop.tasks().forEach(task -> counts.merge(task.state(), 1, Integer::sum));
    var states =
        Stream.of("running", "ready", "waiting", "new")
            .filter(counts::containsKey)
            .map(state -> "%,d %s".formatted(counts.get(state), state))
            .collect(Collectors.joining(", "));
    int tasks = loop.tasks().size();
    var heading =
        style.styled(
            "loop '%s' (%s engine): %s"
                .formatted(
                    Texts.printable(loop.name()),
                    loop.engine(),
                    tasks == 0 ? "no task" : tasks == 1 ? "1 task" : "%,d tasks".formatted(tasks)),
            Style.bold);
    return heading
        + (tasks == 0 ? "" : ": " + states)
        + held(loop, style)
        + (loop.complete()
            ? ""
            : "\n  "
                + style.styled(
                    "incomplete: the loop did not get to telling of its tasks, and they changed"
                        + " meanwhile",
                    Style.fg_red));
  }

  private static String held(Snapshot.Loop loop, LookOptions style) {
    if (loop.held() < 200_000_000) {
      return "";
    }
    var by =
        loop.tasks().stream()
            .filter(task -> task.state().equals("running"))
            .findFirst()
            .map(task -> "task '" + Texts.printable(task.name()) + "'")
            .orElse("something");
    return "\n  "
        + style.styled(
            by
                + " has held the loop for "
                + Texts.time(loop.held())
                + ", and no other task can run",
            Style.fg_red);
  }

  private void addTasks(List<Snapshot.Task> unsorted) {
    var tasks = unsorted.stream().sorted(Comparator.comparingLong(Snapshot.Task::id)).toList();
    var rows = new ArrayList<List<String>>();
    rows.add(HEADINGS);
    tasks.forEach(task -> rows.add(row(task)));
    var widths = new int[HEADINGS.size() - 1]; // the last column ends where it ends
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var indent = " ".repeat(widths[0] + 6);
    for (int i = 0; i < rows.size(); i++) {
      addRow(rows.get(i), widths);
      if (i > 0) {
        addMore(tasks.get(i - 1), indent);
      }
    }
  }

  private static List<String> row(Snapshot.Task task) {
    return Arrays.asList( // which copies nothing
        String.valueOf(task.id()),
        Texts.printable(task.name()),
        task.state(),
        task.isWaiting() ? Texts.time(task.waited()) : "",
        Texts.printable(task.waitsFor()),
        Texts.printable(task.stack().where()));
  }

  private void addRow(List<String> row, int[] widths) {
    int blanks = 2; // still to be written, before what is next in the row
    for (int i = 0; i < row.size(); i++) {
      var field = row.get(i);
      int room = i < widths.length ? widths[i] - field.length() : 0;
      boolean isNumber = i == 0 || i == 3;
      if (isNumber) {
        blanks += room;
      }
      if (!field.isEmpty()) {
        text.repeat(' ', blanks).append(field);
        blanks = 0;
      }
      blanks += isNumber ? 2 : room + 2;
    }
    text.append('\n');
  }

  private void addMore(Snapshot.Task task, String indent) {
    if (!task.created().isEmpty()) {
      text.append(indent)
          .append("created at ")
          .append(Texts.printable(task.created()))
          .append('\n');
    }
    if (stacks) {
      for (var frame : task.stack().frames()) {
        text.append(indent).append("at ").append(Texts.printable(frame)).append('\n');
      }
    }
  }
}
