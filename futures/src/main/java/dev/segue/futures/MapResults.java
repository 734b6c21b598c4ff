package dev.segue.futures;

import dev.segue.futures.internal.Deadlines;
import dev.segue.futures.internal.Failures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The results of a {@link Futures#map}: in the items' order, a bounded number of them under way.
 * Closing it, and any failure of a step, cancels what is under way.
 */
final class MapResults<A extends @Nullable Object, R extends @Nullable Object>
    implements Spliterator<R>, AutoCloseable {
  /** Enough for the threads of most pools, and their next chunks. */
  private static final int LEAST_CHUNKS =
      Math.max(32, 4 * Runtime.getRuntime().availableProcessors());

  private final ExecutorService executor;
  private final Function<? super A, ? extends R> function;
  private final Iterable<? extends A> items;
  private final Futures.MapOptions options;
  private final long deadline;

  // Any thread may close while the consumer waits.
  private final Queue<Future<List<R>>> underWay = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  // Confined to the consumer.
  private @Nullable Iterator<? extends A> source;
  private int buffered; // how many items have been pulled and not handed over
  private long handedOver;
  private Iterator<? extends R> ready = Collections.emptyIterator();
  private @Nullable Throwable failure; // of the item after those

  MapResults(
      ExecutorService executor,
      Function<? super A, ? extends R> function,
      Iterable<? extends A> items,
      Futures.MapOptions options) {
    this.executor = executor;
    this.function = function;
    this.items = items;
    this.options = options;
    this.deadline =
        options.timeout() == null
            ? Long.MAX_VALUE
            : Deadlines.in(Deadlines.nanos(options.timeout(), "timeout"));
  }

  /** How large the buffer is now: an executor may get more threads, or machines. */
  private int bufferSize() {
    if (options.bufferSize() > 0) {
      return options.bufferSize();
    }
    long chunks = Math.max(LEAST_CHUNKS, SizedExecutor.tasksToKeepBusy(executor));
    return (int) Math.min(Integer.MAX_VALUE, chunks * options.chunkSize());
  }

  @Override
  public boolean tryAdvance(Consumer<? super R> action) {
    Objects.requireNonNull(action, "action must not be null");
    try {
      fill();
      if (buffered == 0) {
        return false;
      }
      if (!ready.hasNext() && failure == null) {
        await();
      }
      if (!ready.hasNext()) {
        throw Failures.wrap(Objects.requireNonNull(failure));
      }
      buffered--;
      handedOver++;
      action.accept(ready.next());
      return true;
    } catch (Throwable thrown) {
      try {
        close();
      } catch (Throwable fault) {
        Failures.suppress(thrown, List.of(fault));
      }
      throw thrown;
    }
  }

  private static IllegalStateException over() {
    return new IllegalStateException(
        "this stream of Futures.map has been closed, or a step of it has failed; map again");
  }

  private void fill() {
    if (closed) {
      throw over();
    }
    if (source == null) {
      source = items.iterator();
    }
    int bufferSize = bufferSize();
    int chunkSize = Math.min(options.chunkSize(), bufferSize);
    while (chunkSize <= bufferSize - buffered && source.hasNext()) {
      var chunk = new ArrayList<A>();
      do {
        chunk.add(source.next());
      } while (chunk.size() < chunkSize && source.hasNext());
      underWay.add(executor.submit(new Chunk<A, R>(function, chunk)));
      buffered += chunk.size();
      if (closed) {
        throw over(); // closed by another thread, just now: cancel that one too
      }
    }
  }

  @SuppressWarnings("UndefinedEquals") // a future is removed by identity
  private void await() {
    var first = underWay.peek();
    if (first == null) {
      throw over(); // closed by another thread, just now
    }
    try {
      ready = get(first).iterator();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof Chunk.PartialFailure partial)) {
        throw Failures.wrap(Failures.unwrap(e));
      }
      ready = partial.<R>results().iterator();
      failure = partial.getCause();
    } catch (TimeoutException e) {
      throw new CompletionException(
          next() + " was not there within " + options.timeout() + " of the call", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException("interrupted while waiting for " + next(), e);
    } catch (CancellationException e) {
      throw closed ? over() : e;
    }
    underWay.remove(first);
  }

  private List<R> get(Future<List<R>> first)
      throws InterruptedException, ExecutionException, TimeoutException {
    return deadline == Long.MAX_VALUE
        ? first.get()
        : first.get(Deadlines.nanosUntil(deadline), TimeUnit.NANOSECONDS);
  }

  private String next() {
    return "result " + (handedOver + 1) + " of Futures.map";
  }

  @Override
  public void close() {
    closed = true;
    Throwable fault = null;
    for (var future = underWay.poll(); future != null; future = underWay.poll()) {
      try {
        future.cancel(true);
      } catch (Throwable thrown) { // the executor's own code: the others are cancelled all the same
        fault = thrown;
      }
    }
    if (fault != null) {
      throw Failures.<RuntimeException>rethrow(fault);
    }
  }

  /** Never splits: the consumer is one thread. */
  @Override
  public @Nullable Spliterator<R> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED;
  }
}
