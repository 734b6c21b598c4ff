package dev.segue.inspect;

import dev.segue.Wake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a loop did in one schedule, counted in steps: what an explorer of schedules has
 * to show where time means nothing. A {@link Page} shows it with a lane for each task, in which all
 * steps are equally wide.
 *
 * <p>In a step one task runs until it waits or ends. Steps are counted from 1.
 *
 * @param title what happened, in words; what follows the first line is shown below it
 * @param facts what else is to be known of it, such as how to replay it; each in a few words
 * @param tasks the tasks, in the order of their lanes
 * @param steps the steps, in their order
 * @param notes what was done to the tasks between the steps, in the same order
 * @param graph who waited for whom in a deadlock; null if there was none
 */
public record StepRecording(
    String title,
    List<String> facts,
    List<Task> tasks,
    List<Step> steps,
    List<Note> notes,
    @Nullable WaitGraph graph) {
  /**
   * A task.
   *
   * @param name its name
   * @param ending how it ended, as far as was recorded
   */
  public record Task(String name, Ending ending) {}

  /**
   * A task ran until it waited or ended.
   *
   * @param task the index of the task
   * @param text where that was and what it did, in a few words
   * @param readyAfter the number of the step after which it could have run; 0 for the beginning
   * @param wokenBy what let it run
   * @param waker the index of the task that did; -1 if none did
   * @param waitsFor what it waits for afterwards, as {@code "for lock 2"}; empty if it ended, or
   *     waits for nothing but its turn
   */
  public record Step(
      int task, String text, int readyAfter, Wake wokenBy, int waker, String waitsFor) {}

  /**
   * What was done to a task.
   *
   * @param after the number of the step after which that was; 0 for the beginning
   * @param task the index of the task; -1 if it was done to none, as when time passes
   * @param text what was done, in a few words
   */
  public record Note(int after, int task, String text) {}

  /** Copies the lists. */
  public StepRecording {
    facts = List.copyOf(facts);
    tasks = List.copyOf(tasks);
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }
}
