package dev.segue;

import dev.segue.futures.WorkFuture;
import dev.segue.futures.internal.Failures;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A task's wait for work that an executor does elsewhere, as the process pool does. Cancelling the
 * task cancels the work, and waits until it has ended.
 */
final class WorkElsewhere extends OutsideWait {
  private final WorkFuture<?> future;

  private WorkElsewhere(Task<?> waiter, WorkFuture<?> future) {
    super(waiter, Kind.EXECUTOR, "an executor");
    this.future = future;
  }

  static <T extends @Nullable Object> T await(Task<?> waiter, WorkFuture<T> future) {
    var wait = new WorkElsewhere(waiter, future);
    var _ = future.ended().thenRun(wait::end);
    if (!wait.hasEnded() && waiter.innermost().isEffective()) {
      wait.giveUp(); // the cancel came while the executor took the work
    }
    wait.awaitWork();
    return switch (future.state()) {
      case SUCCESS -> future.resultNow();
      case FAILED -> throw Failures.wrap(future.exceptionNow());
      default ->
          throw waiter.innermost().isEffective()
              ? waiter.cancelled()
              : new CancellationException("the executor cancelled the work");
    };
  }

  @Override
  boolean giveUp() {
    WorkerThreads.doElsewhere(() -> future.cancel(true)); // the executor's own code
    return false;
  }
}
