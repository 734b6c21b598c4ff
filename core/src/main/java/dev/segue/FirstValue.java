package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that run as concurrent tasks until one of them has a value.
 *
 * @param <T> the type of the value
 */
@LoopConfined
final class FirstValue<T extends @Nullable Object> {
  private Outcome.@Nullable Success<T> first;

  /** Runs the bodies and returns the first value, or throws what all of them threw. */
  T of(Collection<? extends Callable<? extends T>> bodies) {
    List<Task<T>> tasks = new ArrayList<>(bodies.size());
    try {
      TaskGroup.call(
          TaskGroup.Policy.NOTHING,
          group -> {
            for (var body : bodies) {
              tasks.add(group.spawn(() -> attempt(body, group)));
            }
            return tasks;
          });
    } catch (Cancelled e) {
      if (first == null) { // else the cancel came too late; the next wait throws it
        throw e;
      }
    }
    if (first == null) {
      throw failureOf(tasks);
    }
    return first.value();
  }

  private T attempt(Callable<? extends T> body, TaskGroup group) throws Exception {
    T value;
    try {
      value = body.call();
    } catch (Throwable thrown) {
      if (first == null) {
        Async.currentTask().markObserved();
      }
      throw thrown;
    }
    if (first == null) {
      first = new Outcome.Success<>(value);
      group.scope().cancel("another body has returned the first value");
    }
    return value;
  }

  private static <T extends @Nullable Object> RuntimeException failureOf(List<Task<T>> tasks) {
    var failures = new ArrayList<Throwable>(tasks.size());
    for (var task : tasks) {
      failures.add(
          task.requireOutcome() instanceof Outcome.Failure<T>(var cause)
              ? cause
              : task.cancellation());
    }
    var primary =
        failures.getFirst() instanceof CancellationException cancelled
            ? cancelled
            : Failures.wrap(failures.getFirst());
    Failures.suppress(primary, failures);
    return primary;
  }
}
