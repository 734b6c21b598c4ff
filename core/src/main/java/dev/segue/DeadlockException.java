package dev.segue;

import java.util.List;

/**
 * Tasks wait for each other, or for the {@linkplain AsyncLock locks} that others of them hold, in a
 * ring, so that none of them could ever go on.
 *
 * <p>Thrown by the wait that closes the ring; the tasks further along it are left as they are. A
 * ring with a time-out in it, or with a cancel on its way, is not an error: that will break it.
 */
public final class DeadlockException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final transient List<Task<?>> path;
  private final transient List<Waiting> waits;

  /**
   * Creates an exception.
   *
   * @param path the tasks of the ring
   * @param waits the wait of each
   */
  DeadlockException(List<Task<?>> path, List<? extends TaskWait> waits) {
    super(describe(path, waits));
    this.path = path;
    this.waits = List.copyOf(waits);
  }

  /**
   * Returns the tasks of the ring: each waits for the next, or for a lock that the next holds, and
   * the last for the first.
   *
   * @return the ring, beginning with the task in which this was thrown; empty after deserialization
   */
  public List<Task<?>> path() {
    return path == null ? List.of() : path;
  }

  /**
   * Returns what each task of the {@link #path} waits for, of which only the kind and the number
   * may be asked.
   *
   * @return the waits; empty after deserialization
   */
  public List<Waiting> waits() {
    return waits == null ? List.of() : waits;
  }

  private static String describe(List<Task<?>> path, List<? extends TaskWait> waits) {
    var text = new StringBuilder("deadlock: ");
    for (int i = 0; i < path.size(); i++) {
      text.append('\'')
          .append(path.get(i).name())
          .append("' waits for ")
          .append(waits.get(i).via());
    }
    return text.append('\'').append(path.getFirst().name()).append('\'').toString();
  }
}
