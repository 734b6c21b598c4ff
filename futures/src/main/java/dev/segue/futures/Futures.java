package dev.segue.futures;

import dev.segue.futures.internal.BlockingFutureEnds;
import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Python's module {@code concurrent.futures}, for any {@link Future} and any
 * thread.
 *
 * <p>They block the calling thread; inside an event loop's task, only that task. A {@link
 * WorkFuture} or a {@link java.util.concurrent.CompletionStage} tells when it ends; for a future
 * that does not, a virtual thread blocks in its {@code get}.
 */
public final class Futures {
  private Futures() {}

  /**
   * Returns the given futures as they end, the first to end first. Each step of the iteration
   * blocks until the next one has ended, and cancels none of them.
   *
   * <p>An interrupt ends a step with a {@link CompletionException} around the {@link
   * InterruptedException}, the flag set again; the iteration can go on after it.
   *
   * @param <F> the type of the futures
   * @param futures the futures; one that is given twice comes once
   * @return the futures, in the order in which they end; each iteration begins anew
   */
  public static <F extends Future<?>> Iterable<F> asCompleted(Collection<F> futures) {
    var distinct = distinct(futures);
    return () -> new InOrder<>(new BlockingFutureEnds<>(distinct));
  }

  /**
   * Blocks until some of the given futures have ended, or the time is up, which is no error.
   * Cancels none of them.
   *
   * @param <F> the type of the futures
   * @param futures the futures; one that is given twice counts once; for none, the answer is empty
   *     at once
   * @param when what to wait for
   * @param timeout for how long; zero or negative for one look; 292 years or more for ever
   * @return those that have ended, and the others
   * @throws InterruptedException if the calling thread is interrupted
   */
  @SuppressWarnings("UndefinedEquals") // as distinct
  public static <F extends Future<?>> WaitResult<F> waitFor(
      Collection<F> futures, ReturnWhen when, Duration timeout) throws InterruptedException {
    var distinct = distinct(futures);
    Objects.requireNonNull(when, "when must not be null");
    long deadline = Deadlines.in(Deadlines.nanos(timeout, "timeout"));
    try (var ends = new BlockingFutureEnds<>(distinct)) {
      return ends.waitFor(when, deadline);
    }
  }

  /**
   * Applies a function to items on an executor, with the default options; see {@link
   * #map(ExecutorService, Function, Iterable, MapOptions)}.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param executor the executor
   * @param function the function
   * @param items the items
   * @return the results
   */
  public static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      ExecutorService executor,
      Function<? super A, ? extends R> function,
      Iterable<? extends A> items) {
    return map(executor, function, items, MapOptions.DEFAULT);
  }

  /**
   * Applies a serializable function to items on an executor, with the default options; see {@link
   * #map(ExecutorService, Function, Iterable, MapOptions)}.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param executor the executor
   * @param function the function
   * @param items the items
   * @return the results
   */
  public static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      ExecutorService executor,
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> items) {
    return map(executor, function, items, MapOptions.DEFAULT);
  }

  /**
   * Applies a function to items on an executor, several at a time, and returns the results in the
   * items' order.
   *
   * <p>The stream is lazy and sequential. Nothing is pulled from the items before it is consumed,
   * and then only as much as the buffer holds, so the items may be without end. The buffer is
   * filled before each result is handed over.
   *
   * <p>Each step blocks the calling thread until the next result is there; inside a task, only that
   * task. A step throws
   *
   * <ul>
   *   <li>{@link CompletionException} around what the function threw for its item, once the results
   *       before it have been handed over; around the executor's own failure, at the first item of
   *       a chunk, if the chunk was lost;
   *   <li>{@link CompletionException} around a {@link TimeoutException} if the time is up and the
   *       result is not there;
   *   <li>{@link CompletionException} around an {@link InterruptedException}, the flag set again;
   *   <li>{@link CancellationException} if the executor has cancelled the item's task;
   *   <li>what the items' iterator throws, or the executor's {@code submit}, as {@link
   *       RejectedExecutionException}.
   * </ul>
   *
   * <p>Whatever it throws, and whatever the consumer's own operations throw, the stream then
   * cancels what is under way, with {@code cancel(true)}, and so does {@linkplain Stream#close()
   * closing} it, from any thread: close a stream that is not consumed to its end, as with {@code
   * limit}. After that a step throws {@link IllegalStateException}. Cancelling does not wait for
   * the work to end.
   *
   * <p>Counterpart of Python's {@code Executor.map}, which begins at the call, and pulls all items
   * unless it is given a buffer size.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param executor the executor; nothing is done to it beyond {@code submit}
   * @param function the function; it runs on the executor
   * @param items the items; iterated once, by the thread that consumes the stream
   * @param options chunk size, buffer size and time-out
   * @return the results
   */
  public static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      ExecutorService executor,
      Function<? super A, ? extends R> function,
      Iterable<? extends A> items,
      MapOptions options) {
    Objects.requireNonNull(executor, "executor must not be null");
    Objects.requireNonNull(function, "function must not be null");
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(options, "options must not be null");
    var results = new MapResults<A, R>(executor, function, items, options);
    return StreamSupport.stream(results, false).onClose(results::close);
  }

  /**
   * Applies a serializable function to items on an executor; see {@link #map(ExecutorService,
   * Function, Iterable, MapOptions)}. Where the items are serializable too, a chunk of them can be
   * sent to another process.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param executor the executor
   * @param function the function
   * @param items the items
   * @param options chunk size, buffer size and time-out
   * @return the results
   */
  public static <A extends @Nullable Object, R extends @Nullable Object> Stream<R> map(
      ExecutorService executor,
      SerializableFunction<? super A, ? extends R> function,
      Iterable<? extends A> items,
      MapOptions options) {
    return map(executor, (Function<? super A, ? extends R>) function, items, options);
  }

  /**
   * How {@link #map(ExecutorService, Function, Iterable, MapOptions) map} goes about it.
   *
   * @param chunkSize how many items travel as one task, at least 1: more where an item is so little
   *     work that sending it costs as much. A chunk is never larger than the buffer
   * @param bufferSize how many items at most have been pulled and their results not been handed
   *     over; 0 for 32 chunks, or 4 a processor, or what {@linkplain SizedExecutor keeps the
   *     executor busy}, whichever is most
   * @param timeout how long after the call of {@code map} a result has to be there; zero or
   *     negative for at once; null, or 292 years or more, for ever
   */
  public record MapOptions(int chunkSize, int bufferSize, @Nullable Duration timeout) {
    /** One item a task, the default buffer, no time-out. */
    public static final MapOptions DEFAULT = new MapOptions(1, 0, null);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code chunkSize} is less than 1, or {@code bufferSize}
     *     negative
     */
    public MapOptions {
      if (chunkSize < 1) {
        throw new IllegalArgumentException("chunkSize must be at least 1, and is " + chunkSize);
      }
      if (bufferSize < 0) {
        throw new IllegalArgumentException(
            "bufferSize must be positive, or 0 for the default, and is " + bufferSize);
      }
    }
  }

  @SuppressWarnings("UndefinedEquals") // by identity, unless a kind of future says otherwise
  private static <F extends Future<?>> Set<F> distinct(Collection<F> futures) {
    Objects.requireNonNull(futures, "futures must not be null");
    for (var future : futures) {
      Objects.requireNonNull(future, "futures must not contain null");
    }
    return new LinkedHashSet<>(futures);
  }

  /** The futures in the order in which they end. */
  private record InOrder<F extends Future<?>>(BlockingFutureEnds<F> ends) implements Iterator<F> {
    @Override
    public boolean hasNext() {
      return ends.left() > 0;
    }

    @Override
    public F next() {
      try {
        return ends.next();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CompletionException("interrupted while waiting for the next future to end", e);
      }
    }
  }
}
