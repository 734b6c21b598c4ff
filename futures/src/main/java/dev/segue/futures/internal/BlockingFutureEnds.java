package dev.segue.futures.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The ends of futures of any kind, for a thread that blocks. Its clock is {@link Deadlines}. */
public final class BlockingFutureEnds<F extends Future<?>>
    extends FutureEnds<F, InterruptedException> {
  private final LinkedBlockingQueue<F> ended = new LinkedBlockingQueue<>();
  private final List<DoneCallback> callbacks;

  /** Watches the futures from now on. Those that are done already come first. */
  public BlockingFutureEnds(Set<F> futures) {
    super(futures);
    var pending = new ArrayList<F>();
    for (var future : futures) {
      (future.isDone() ? ended : pending).add(future);
    }
    callbacks = new ArrayList<>(pending.size());
    try {
      for (var future : pending) {
        callbacks.add(DoneCallback.of(future, _ -> ended.add(future)));
      }
    } catch (Throwable thrown) { // by a future of a kind of its own, or for want of a thread
      close();
      throw thrown;
    }
  }

  @Override
  protected @Nullable F poll(long deadline) throws InterruptedException {
    return deadline == Long.MAX_VALUE
        ? ended.take()
        : ended.poll(Deadlines.nanosUntil(deadline), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    callbacks.forEach(DoneCallback::close);
  }
}
