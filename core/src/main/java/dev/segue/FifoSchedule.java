package dev.segue;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * First in, first out: a list whose links are in the tasks, so that adding one takes no memory and
 * cannot fail halfway. A task that is in the list already is not added again.
 */
@LoopConfined
final class FifoSchedule implements Schedule {
  private @Nullable Task<?> first;
  private @Nullable Task<?> last; // its link is to itself
  private int size;

  @Override
  public void add(Task<?> task) {
    if (task.nextReady != null) {
      return;
    }
    var before = last;
    if (before == null) {
      first = task;
    } else {
      before.nextReady = task;
    }
    task.nextReady = task;
    last = task;
    size++;
  }

  @Override
  public Task<?> next() {
    var task = Objects.requireNonNull(first);
    if (task == last) {
      first = null;
      last = null;
    } else {
      first = task.nextReady;
    }
    task.nextReady = null;
    size--;
    return task;
  }

  @Override
  public int size() {
    return size;
  }
}
