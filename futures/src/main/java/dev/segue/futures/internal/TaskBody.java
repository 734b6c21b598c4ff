package dev.segue.futures.internal;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What a task does, as its submitter gave it.
 *
 * @param callable the task; null if it is {@code runnable}
 * @param runnable the task; null if it is {@code callable}
 * @param given what the future of a runnable ends with
 * @param reportsFailure whether a failure goes to the uncaught exception handler, because no caller
 *     has the future
 */
public record TaskBody<T extends @Nullable Object>(
    @Nullable Callable<T> callable,
    @Nullable Runnable runnable,
    @Nullable T given,
    boolean reportsFailure) {
  public static <T extends @Nullable Object> TaskBody<T> of(Callable<T> task) {
    return new TaskBody<>(task, null, null, false);
  }

  public static <T extends @Nullable Object> TaskBody<T> of(Runnable task, T given) {
    return new TaskBody<>(null, task, given, false);
  }

  public static TaskBody<@Nullable Void> unwatched(Runnable task) {
    return new TaskBody<>(null, task, null, true);
  }

  /** What is sent to the worker. */
  public Object task() {
    return callable != null ? callable : Objects.requireNonNull(runnable);
  }

  public boolean wantsValue() {
    return callable != null;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // a null is a T here: the task returned it
  public T result(@Nullable Object value) {
    return callable != null ? (T) value : given;
  }

  public T runHere() throws Exception {
    if (callable != null) {
      return callable.call();
    }
    Objects.requireNonNull(runnable).run();
    return result(null);
  }
}
