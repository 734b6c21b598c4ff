package dev.segue.inspect;

import java.util.List;

/**
 * What was recorded of one loop.
 *
 * @param name the loop's name
 * @param tasks the tasks that ended last, and those that live, in the order of their ids
 * @param spans what they did, in the order in which it ended
 * @param stalls when the loop was held: the last 256 times that the watchdog saw, of 50 ms or more,
 *     and the steps of 100 ms or more among the spans that it did not see
 * @param failures failures that nothing saw: the last 256
 * @param graphs who waited for whom: at each of the first deadlocks, or ends of tasks that held a
 *     lock, and at the end of the recording, if there were tasks then
 * @param lostEvents how many events were overwritten by later ones: spans before the first one here
 * @param lostTasks how many ended tasks were overwritten by later ones
 */
public record LoopRecording(
    String name,
    List<TaskRecord> tasks,
    List<Span> spans,
    List<StallRecord> stalls,
    List<FailureRecord> failures,
    List<WaitGraph> graphs,
    long lostEvents,
    long lostTasks) {
  /** Copies the lists. */
  public LoopRecording {
    tasks = List.copyOf(tasks);
    spans = List.copyOf(spans);
    stalls = List.copyOf(stalls);
    failures = List.copyOf(failures);
    graphs = List.copyOf(graphs);
  }
}
