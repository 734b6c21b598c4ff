package dev.segue.cluster;

import java.io.Serial;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to run a task on the cluster: Spark starts a task again if the executor that was
 * running it is lost.
 *
 * @param task the task's name
 * @param number 0 for the first attempt, and one more for each further one
 * @param executor the id of the executor that runs it
 * @param host the executor's host
 */
public record Attempt(String task, int number, String executor, String host)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final ThreadLocal<@Nullable Attempt> CURRENT = new ThreadLocal<>();

  /**
   * Returns the attempt that the calling thread runs.
   *
   * @return the attempt; empty on a thread that runs no task of a {@link SparkExecutor}, also on
   *     one that such a task has started
   */
  public static Optional<Attempt> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Notes what the calling thread runs from now on; null for nothing. */
  static void set(@Nullable Attempt attempt) {
    if (attempt == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(attempt);
    }
  }
}
