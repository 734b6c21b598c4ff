package dev.segue.testing;

import dev.segue.Action;
import dev.segue.CancelScope;
import java.util.ArrayList;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a body under an {@link Explorer} leaves open, besides the order of its tasks: the answer of
 * a service, a failure, a cancel. Each is tried in every way.
 *
 * <p>Called inside a task. In an ordinary loop, which explores nothing, the first value is
 * returned, nothing fails and nothing is cancelled; so a stand-in for a service can be used in
 * other tests too.
 */
public final class Choices {
  private Choices() {}

  /**
   * Returns one of several values.
   *
   * @param <T> their type
   * @param name what is chosen, as the report tells it
   * @param first what an ordinary loop gets
   * @param others what else it may be
   * @return one of them
   * @throws IllegalStateException outside a task
   */
  @SafeVarargs
  public static <T extends @Nullable Object> T oneOf(String name, T first, T... others) {
    Objects.requireNonNull(name, "name must not be null");
    Objects.requireNonNull(others, "others must not be null");
    var values = new ArrayList<T>(others.length + 1);
    values.add(first);
    for (var other : others) {
      values.add(other);
    }
    var simulation = Simulation.current();
    return simulation == null ? first : simulation.chooseValue(name, values);
  }

  /**
   * Throws an exception, or does not.
   *
   * @param <X> what may be thrown
   * @param name what may fail, as the report tells it
   * @param failure makes the exception
   * @throws X sometimes
   * @throws IllegalStateException outside a task
   */
  public static <X extends Throwable> void mayFail(String name, Supplier<X> failure) throws X {
    Objects.requireNonNull(failure, "failure must not be null");
    if (oneOf(name, "works", "fails").equals("fails")) {
      throw failure.get();
    }
  }

  /**
   * Runs a body that the explorer may cancel at any of its waits, as often as {@link
   * Explorer.Builder#cancels} allows.
   *
   * @param <X> what the body may throw
   * @param body the body
   * @return whether it came to its end; false if it was cancelled here
   * @throws X whatever the body throws
   * @throws IllegalStateException outside a task
   */
  public static <X extends Throwable> boolean mayCancel(Action<X> body) throws X {
    Objects.requireNonNull(body, "body must not be null");
    var simulation = Simulation.current();
    return simulation == null ? CancelScope.create().run(body) : simulation.runCancellable(body);
  }
}
