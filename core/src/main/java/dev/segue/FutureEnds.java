package dev.segue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ends of futures of any kind, in the order in which they come. Closing it stops the threads
 * that wait for futures which cannot tell.
 */
final class FutureEnds<F extends Future<?>> implements AutoCloseable {
  private final LinkedBlockingQueue<F> ended = new LinkedBlockingQueue<>();
  private final List<Thread> waiters = new ArrayList<>();

  FutureEnds(Collection<F> futures) {
    var pending = new ArrayList<F>();
    for (var future : futures) {
      (future.isDone() ? ended : pending).add(future);
    }
    pending.forEach(this::watch);
  }

  private void watch(F future) {
    switch (future) {
      case Task<?> task -> {
        var _ = task.endedFuture().whenComplete((_, _) -> ended.add(future));
      }
      case CompletionStage<?> stage -> {
        var _ = stage.whenComplete((_, _) -> ended.add(future));
      }
      default -> waiters.add(BlockingWait.start(future, _ -> ended.add(future)));
    }
  }

  /**
   * Waits for the next end.
   *
   * @return the future that ended; null if none has within {@code nanos}
   */
  @Nullable F next(long nanos) throws InterruptedException {
    return nanos == Long.MAX_VALUE ? ended.take() : ended.poll(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    waiters.forEach(Thread::interrupt);
  }
}
