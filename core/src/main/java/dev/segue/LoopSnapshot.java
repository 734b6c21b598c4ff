package dev.segue;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a loop did at one moment.
 *
 * @param loop the loop
 * @param tasks those that had not ended: parents before children, the oldest first
 * @param complete whether no task can be missing: false where another thread looked, because a task
 *     held the loop, and something changed meanwhile
 * @param loopTime how much of its time it took the loop; zero where another thread looked
 */
public record LoopSnapshot(
    EventLoop loop, List<TaskSnapshot> tasks, boolean complete, Duration loopTime) {

  /** Copies the list. */
  public LoopSnapshot {
    Objects.requireNonNull(loop, "loop must not be null");
    Objects.requireNonNull(loopTime, "loopTime must not be null");
    tasks = List.copyOf(tasks);
  }

  /**
   * Returns the task with a number.
   *
   * @param id the number
   * @return what it did; null if it had ended, or had not begun
   */
  public @Nullable TaskSnapshot find(long id) {
    return tasks.stream().filter(each -> each.task().id() == id).findFirst().orElse(null);
  }
}
