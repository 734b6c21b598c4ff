package dev.segue.inspect;

import dev.segue.inspect.Tasks.Column;
import dev.segue.inspect.Tasks.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One task, and what it did from its creation on, as far as it was recorded.
 *
 * @param id its id, which no other task of its loop has
 * @param name its name
 * @param parent the id of the task that created it; 0 if none did
 * @param created when it was created, counted from the recording's beginning; zero if earlier
 * @param ending how it ended
 * @param ended when it ended, counted from the recording's beginning; the recording's end if it has
 *     not
 * @param steps how often it ran
 * @param running for how long it ran in all
 * @param ready for how long it could run, and waited for its turn
 * @param waiting for how long it waited for something
 * @param longestStep the longest of its steps
 * @param yields how often it let the others run without waiting for anything
 * @param createdAt the line that created it; null where that is not known, as of tasks that are
 *     created in quick succession
 * @param waitedAt the line of its longest wait, or of one of the longest; null as above
 * @param yieldedAt the line where it lets the others run, if it does that often; null as above
 */
public record TaskRecord(
    long id,
    String name,
    long parent,
    Duration created,
    Ending ending,
    Duration ended,
    long steps,
    Duration running,
    Duration ready,
    Duration waiting,
    Duration longestStep,
    long yields,
    @Nullable StackTraceElement createdAt,
    @Nullable StackTraceElement waitedAt,
    @Nullable StackTraceElement yieldedAt) {
  private static final Ending[] ENDINGS = Ending.values();
  private static final State[] STATES = State.values();

  /** Reads rows, in the order of their ids. */
  static List<TaskRecord> of(Tasks.Copy rows, long now) {
    var records = new ArrayList<TaskRecord>();
    for (int row = 0; row < rows.size(); row++) {
      var name = rows.names()[row];
      if (name != null
          && rows.get(row, Column.ID) != 0 // freed while it was copied
          && rows.get(row, Column.STATE) != Tasks.NO_STATE) {
        records.add(of(rows, row, name, now));
      }
    }
    records.sort(Comparator.comparingLong(TaskRecord::id));
    return records;
  }

  private static TaskRecord of(Tasks.Copy rows, int row, String name, long now) {
    var ending = ENDINGS[(int) rows.get(row, Column.ENDING)];
    long since = rows.get(row, Column.SINCE);
    // The state that goes on is not in the sums yet.
    long current = ending == Ending.NONE ? Math.max(0, now - since) : 0;
    var state = STATES[(int) rows.get(row, Column.STATE)];
    return new TaskRecord(
        rows.get(row, Column.ID),
        name,
        rows.get(row, Column.PARENT),
        Duration.ofNanos(rows.get(row, Column.CREATED)),
        ending,
        Duration.ofNanos(ending == Ending.NONE ? now : since),
        rows.get(row, Column.STEPS),
        Duration.ofNanos(rows.get(row, Column.RUNNING) + (state == State.RUNNING ? current : 0)),
        Duration.ofNanos(rows.get(row, Column.READY) + (state == State.READY ? current : 0)),
        Duration.ofNanos(rows.get(row, Column.WAITING) + (state == State.WAITING ? current : 0)),
        Duration.ofNanos(
            Math.max(rows.get(row, Column.LONGEST_STEP), state == State.RUNNING ? current : 0)),
        rows.get(row, Column.YIELDS),
        rows.get(row, Line.CREATED),
        rows.get(row, Line.WAITED),
        rows.get(row, Line.YIELDED));
  }
}
