package dev.segue.futures;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Some items of a {@link Futures#map} as one task. It travels if its function and items do.
 *
 * @param <A> the type of the items
 * @param <R> the type of the results
 * @param function applied to each item
 * @param items what it is applied to
 */
record Chunk<A extends @Nullable Object, R extends @Nullable Object>(
    Function<? super A, ? extends R> function, List<A> items)
    implements SerializableCallable<List<R>> {

  /** The failure of an item that is not the chunk's first, with the results before it. */
  static final class PartialFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final List<?> results;

    PartialFailure(List<?> results, Throwable cause) {
      super("item " + (results.size() + 1) + " of a chunk failed", cause, false, false);
      this.results = results;
    }

    @SuppressWarnings("unchecked") // the caller's chunk made them
    <R extends @Nullable Object> List<R> results() {
      return (List<R>) results;
    }
  }

  @Override
  @SuppressWarnings("NullAway") // a null is an A here
  public List<R> call() throws Exception {
    var results = new ArrayList<R>(items.size());
    try {
      for (var item : items) {
        if (!results.isEmpty() && Thread.currentThread().isInterrupted()) {
          throw new InterruptedException("interrupted between two items of a chunk");
        }
        results.add(function.apply(item));
      }
      return results;
    } catch (Throwable failure) {
      if (results.isEmpty()) {
        throw failure;
      }
      throw new PartialFailure(results, failure);
    }
  }
}
