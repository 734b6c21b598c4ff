package dev.segue;

import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/**
 * The functions of Python's module {@code concurrent.futures}, for any {@link Future} and any
 * thread.
 *
 * <p>They block the calling thread; inside a task, only that task. A {@link Task} or a {@link
 * java.util.concurrent.CompletionStage} tells when it ends; for a future that does not, a virtual
 * thread blocks in its {@code get}.
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
    return () -> new InOrder<>(distinct);
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
  public static <F extends Future<?>> Done<F> waitFor(
      Collection<F> futures, ReturnWhen when, Duration timeout) throws InterruptedException {
    var distinct = distinct(futures);
    Objects.requireNonNull(when, "when must not be null");
    long nanos = Durations.nanos(timeout, "timeout");
    var clock = new RealClock();
    long deadline = Durations.deadline(clock.nanoTime(), nanos);
    try (var ends = new FutureEnds<>(distinct)) {
      int pending = distinct.size();
      boolean enough = false;
      while (pending > 0 && !enough) {
        var ended = ends.next(clock.realNanosUntil(deadline));
        if (ended == null) {
          break;
        }
        pending--;
        enough =
            switch (when) {
              case FIRST_COMPLETED -> true;
              case FIRST_FAILED -> ended.state() != Future.State.SUCCESS;
              case ALL_COMPLETED -> false;
            };
      }
    }
    var done = new LinkedHashSet<F>();
    var pending = new LinkedHashSet<F>();
    for (var future : distinct) {
      (future.isDone() ? done : pending).add(future);
    }
    return new Done<>(done, pending);
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
  private static final class InOrder<F extends Future<?>> implements Iterator<F> {
    private final FutureEnds<F> ends;
    private int left;

    InOrder(Set<F> futures) {
      this.ends = new FutureEnds<>(futures);
      this.left = futures.size();
    }

    @Override
    public boolean hasNext() {
      return left > 0;
    }

    @Override
    public F next() {
      if (left == 0) {
        throw new NoSuchElementException("every future has been returned");
      }
      try {
        var ended = Objects.requireNonNull(ends.next(Long.MAX_VALUE));
        left--;
        return ended;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CompletionException("interrupted while waiting for the next future to end", e);
      }
    }
  }
}
