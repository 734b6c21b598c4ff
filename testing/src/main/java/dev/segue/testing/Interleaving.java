package dev.segue.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A schedule that fails: the shortest that an {@link Exploration} could make of the one it found.
 */
public final class Interleaving {
  /** What went wrong. */
  public enum Kind {
    /** The body threw: an assertion failed, or something else did. */
    FAILED,
    /** Tasks wait for each other, or nothing is left that could wake them. */
    DEADLOCK,
    /** The tasks made more steps than are allowed: they go on and on, or there are too many. */
    STEPS,
    /** A task failed, and nothing looked at that. */
    UNOBSERVED,
    /** The body ended before a task that it had started. */
    LEFT_BEHIND,
    /**
     * The same schedule took another course the second time: something that the explorer does not
     * control has decided.
     */
    UNCONTROLLED
  }

  /**
   * One step of it: a task ran until it waited or ended.
   *
   * @param number counted from 1
   * @param task the task's name
   * @param text where it ended, with file and line, and what it waits for there
   */
  public record Step(int number, String task, String text) {}

  /**
   * What happened between two steps: something that the explorer did to a task, or time passed.
   *
   * @param after the number of the step before it; 0 for the beginning
   * @param text what it was, in words
   */
  public record Note(int after, String text) {}

  private final Kind kind;
  private final @Nullable Throwable cause;
  private final List<Step> steps;
  private final List<Note> notes;
  private final String replay;
  private final String report;
  private final Recording recording;
  private final String title;
  private final String place;

  /**
   * @param title what went wrong, in words
   * @param place which of the schedules it was, and what was done in it, in words
   */
  Interleaving(
      Kind kind,
      @Nullable Throwable cause,
      List<Step> steps,
      List<Note> notes,
      String replay,
      String report,
      Recording recording,
      String title,
      String place) {
    this.recording = recording;
    this.title = title;
    this.place = place;
    this.kind = kind;
    this.cause = cause;
    this.steps = List.copyOf(steps);
    this.notes = List.copyOf(notes);
    this.replay = replay;
    this.report = report;
  }

  /**
   * Returns what went wrong.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns what was thrown.
   *
   * @return the exception; null where none was, as of most deadlocks
   */
  public @Nullable Throwable cause() {
    return cause;
  }

  /**
   * Returns what happened.
   *
   * @return the steps of the tasks in their order
   */
  public List<Step> steps() {
    return steps;
  }

  /**
   * Returns what happened between the steps.
   *
   * @return what the explorer did, and how time passed, in its order
   */
  public List<Note> notes() {
    return notes;
  }

  /**
   * Returns the text that {@link Explorer.Builder#replay} and {@code -Dsegue.replay} take.
   *
   * @return a text such as {@code v1:1.2~5e1f}
   */
  public String replay() {
    return replay;
  }

  /**
   * Writes a page that shows it on a timeline whose unit is the step: one HTML file, which loads
   * nothing. That is the work of the module {@code dev.segue.inspect}, which must be there.
   *
   * @param file the file, as {@code schedule.html}, which is replaced
   * @throws IOException if that fails
   * @throws IllegalStateException if that module is not there; the message says what to add
   */
  public void writePage(Path file) throws IOException {
    Objects.requireNonNull(file, "file must not be null");
    if (!SchedulePage.isPossible()) {
      throw new IllegalStateException(
          "the page of a schedule needs the module dev.segue.inspect: add the dependency segue-inspect"
              + " beside segue-testing, and on the module path --add-modules dev.segue.inspect");
    }
    SchedulePage.write(this, file);
  }

  /** What happened, with more than the report tells. */
  Recording recording() {
    return recording;
  }

  /** What went wrong, in words. */
  String title() {
    return title;
  }

  /** Which of the schedules it was, and what was done in it, in words. */
  String place() {
    return place;
  }

  /**
   * Returns the report: what went wrong, the steps with a column for each task, and how to replay
   * them.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    return report;
  }
}
