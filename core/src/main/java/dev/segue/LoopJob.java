package dev.segue;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LoopExecutor} was given to run, as a future that keeps the JDK's contract: it is
 * done as soon as it is cancelled, and its task is then cancelled, too.
 *
 * @param <T> the type of the result
 */
@AnyThread
class LoopJob<T extends @Nullable Object> extends FutureTask<T> {
  /** The task that runs this; null before. */
  private volatile @Nullable Task<?> task;

  LoopJob(Callable<T> body) {
    super(body);
  }

  /** Runs the body: in a task, or where somebody runs what {@code shutdownNow} has returned. */
  @Override
  public void run() {
    begins();
    super.run();
  }

  /** From now on a cancel reaches the task that calls. */
  final void begins() {
    task = Engines.currentTask();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(false); // not by an interrupt, which Segue's waits ignore
    var running = task;
    if (cancelled && running != null) {
      stop(running, mayInterruptIfRunning);
    }
    return cancelled;
  }

  /** This is cancelled while it is with its task. */
  void stop(Task<?> running, boolean mayInterruptIfRunning) {
    if (mayInterruptIfRunning) {
      running.cancel("its future was cancelled");
    }
  }

  @AnyThread(because = "only the task's own thread finds it to be the current one")
  @Override
  protected void setException(Throwable thrown) {
    var running = Engines.currentTask();
    if (running != null && isCancelOf(running, thrown)) {
      super.cancel(false);
    } else {
      super.setException(thrown);
    }
  }

  @LoopConfined
  private static boolean isCancelOf(Task<?> task, Throwable thrown) {
    var cancel = task.cancelThatCaused(thrown);
    return cancel != null && task.isWithin(cancel.source());
  }

  /** Its task has ended: this is then done, unless {@code shutdownNow} took it away before. */
  final void taskEnded(Task<?> ended) {
    switch (ended.requireOutcome()) {
      case Outcome.Success<?> _ -> {}
      case Outcome.Failure<?>(var cause) -> super.setException(cause); // the loop broke down
      case Outcome.Cancellation<?> _ -> super.cancel(false); // while it waited for its time
    }
  }
}
