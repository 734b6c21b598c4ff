package dev.segue.inspect;

import java.util.List;

/**
 * What was recorded of one loop.
 *
 * @param name the loop's name
 * @param tasks the tasks that ended last, and those that live, in the order of their ids
 * @param spans what they did, in the order in which it ended
 * @param lostEvents how many events were overwritten by later ones: spans before the first one here
 * @param lostTasks how many ended tasks were overwritten by later ones
 */
public record LoopRecording(
    String name, List<TaskRecord> tasks, List<Span> spans, long lostEvents, long lostTasks) {
  /** Copies the lists. */
  public LoopRecording {
    tasks = List.copyOf(tasks);
    spans = List.copyOf(spans);
  }
}
