package dev.segue.futures.internal;

import dev.segue.futures.ReturnWhen;
import dev.segue.futures.WaitResult;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The ends of some futures, in the order in which they come. How to wait for the next one is the
 * subclass's: a thread blocks, a task of an event loop is suspended.
 *
 * @param <F> the type of the futures
 * @param <X> what the wait may throw
 */
public abstract class FutureEnds<F extends Future<?>, X extends Exception>
    implements AutoCloseable {
  private final Set<F> futures;
  private int left;

  /** For futures that the subclass will watch. */
  protected FutureEnds(Set<F> futures) {
    this.futures = futures;
    this.left = futures.size();
  }

  /**
   * Waits for the next end.
   *
   * @param deadline until when, by the subclass's clock; {@link Long#MAX_VALUE} for ever
   * @return the future that ended; null if none has by then
   */
  protected abstract @Nullable F poll(long deadline) throws X;

  /** How many ends have yet to be returned. */
  public final int left() {
    return left;
  }

  /** Waits for the next end, however long it takes, and returns the future that ended. */
  public final F next() throws X {
    if (left == 0) {
      throw new NoSuchElementException("every future has been returned");
    }
    var ended = next(Long.MAX_VALUE);
    if (ended == null) {
      throw new AssertionError("a wait without a deadline ended at one");
    }
    return ended;
  }

  /** As {@link #next()}, until a deadline; null if that has passed. */
  public final @Nullable F next(long deadline) throws X {
    var ended = poll(deadline);
    if (ended != null) {
      left--;
    }
    return ended;
  }

  /** Waits until enough futures have ended, or the deadline has passed, and says which have. */
  @SuppressWarnings("UndefinedEquals") // by identity, unless a kind of future says otherwise
  public final WaitResult<F> waitFor(ReturnWhen when, long deadline) throws X {
    boolean enough = false;
    while (left > 0 && !enough) {
      var ended = next(deadline);
      if (ended == null) {
        break;
      }
      enough = when.isMetBy(ended.state());
    }
    var done = new LinkedHashSet<F>();
    var pending = new LinkedHashSet<F>();
    for (var future : futures) {
      (future.isDone() ? done : pending).add(future);
    }
    return new WaitResult<>(done, pending);
  }

  /** Stops watching the futures that have not ended. */
  @Override
  public abstract void close();
}
