package dev.segue;

import java.util.List;

/**
 * Tasks wait for each other in a ring, so that none of them could ever go on.
 *
 * <p>Thrown by the wait that closes the ring; the tasks further along it are left as they are. A
 * ring with a time-out in it is not an error: the time-out will break it.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient List<Task<?>> path;

  DeadlockException(List<Task<?>> path) {
    super(describe(path));
    this.path = path;
  }

  /**
   * Returns the tasks of the ring: each waits for the next, the last for the first.
   *
   * @return the ring, beginning with the task in which this was thrown; empty after deserialization
   */
  public List<Task<?>> path() {
    return path == null ? List.of() : path;
  }

  private static String describe(List<Task<?>> path) {
    var text = new StringBuilder("deadlock: ");
    for (Task<?> task : path) {
      text.append('\'').append(task.name()).append("' waits for ");
    }
    return text.append('\'').append(path.getFirst().name()).append('\'').toString();
  }
}
