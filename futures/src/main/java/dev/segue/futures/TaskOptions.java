package dev.segue.futures;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options of one task that runs in another process.
 *
 * @param name the task's name in messages and where the executor shows it; null for a numbered one
 * @param timeout how long it may run, counted anew at each retry; null for the executor's own
 * @param retries how often it may be started again when its worker is lost; null for the executor's
 *     own number: none in a process pool. Such a task should be safe to run twice
 */
public record TaskOptions(
    @Nullable String name, @Nullable Duration timeout, @Nullable Integer retries) {
  /** A numbered name, the executor's time-out and its retries. */
  public static final TaskOptions DEFAULT = new TaskOptions(null, null, null);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the time-out is not positive or the retries are negative
   */
  public TaskOptions {
    if (timeout != null && !timeout.isPositive()) {
      throw new IllegalArgumentException("timeout must be positive, not " + timeout);
    }
    if (retries != null && retries < 0) {
      throw new IllegalArgumentException("retries must not be negative: " + retries);
    }
  }

  /**
   * Returns options with a name and otherwise the defaults.
   *
   * @param name the name in messages and where the executor shows it
   * @return the options
   */
  public static TaskOptions named(String name) {
    return new TaskOptions(Objects.requireNonNull(name, "name must not be null"), null, null);
  }

  /**
   * Returns these options with another time-out.
   *
   * @param timeout how long the task may run; null for the executor's own
   * @return the options
   */
  public TaskOptions withTimeout(@Nullable Duration timeout) {
    return new TaskOptions(name, timeout, retries);
  }

  /**
   * Returns these options with another number of retries.
   *
   * @param retries how often the task may be started again when its worker is lost
   * @return the options
   */
  public TaskOptions withRetries(@Nullable Integer retries) {
    return new TaskOptions(name, timeout, retries);
  }
}
