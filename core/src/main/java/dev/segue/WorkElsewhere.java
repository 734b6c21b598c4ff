package dev.segue;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A task's wait for work that an executor does elsewhere, as the process pool does. Cancelling the
 * task cancels the work, and waits until it has ended.
 */
final class WorkElsewhere implements Wait {
  private final WorkFuture<?> future;
  private boolean ended; // confined to the loop

  private WorkElsewhere(WorkFuture<?> future) {
    this.future = future;
  }

  static <T extends @Nullable Object> T await(Task<?> waiter, WorkFuture<T> future) {
    var wait = new WorkElsewhere(future);
    var _ =
        future
            .ended()
            .thenRun(() ->
                waiter
                    .kernel()
                    .runOnLoop(() -> {
                      wait.ended = true;
                      waiter.wakeUp(wait);
                    }));
    if (!wait.ended) {
      if (waiter.innermost().isEffective()) {
        wait.abort(); // the cancel came while the executor took the work
      }
      waiter.kernel().outsideWorkStarted();
      try {
        waiter.suspend(wait);
      } finally {
        waiter.kernel().outsideWorkEnded();
      }
    }
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
  public boolean abort() {
    WorkerThreads.interrupters().execute(() -> future.cancel(true)); // the executor's own code
    return false;
  }

  @Override
  public String describe() {
    return "an executor";
  }
}
