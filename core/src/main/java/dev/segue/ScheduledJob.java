package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LoopExecutor} runs later, once or again and again: its task sleeps between.
 *
 * @param <T> the type of the result
 */
@AnyThread
final class ScheduledJob<T extends @Nullable Object> extends LoopJob<T>
    implements RunnableScheduledFuture<T> {
  private final Kernel kernel;

  /** Positive from begin to begin, negative from end to begin, 0 for once. */
  private final long period;

  private volatile long due;

  @LoopConfined private boolean sleeping;

  ScheduledJob(Kernel kernel, Callable<T> body, long delay, long period) {
    super(body);
    this.kernel = kernel;
    this.period = period;
    this.due = after(now(), delay);
  }

  private long now() {
    return kernel.clock().nanoTime();
  }

  private static long after(long time, long delay) {
    return Deadlines.deadline(time, Math.max(0, delay));
  }

  @Override
  public boolean isPeriodic() {
    return period != 0;
  }

  @LoopConfined
  @Override
  public void run() {
    begins();
    if (isDone()) {
      return;
    }
    sleepUntilDue();
    if (!isPeriodic()) {
      super.run();
      return;
    }
    while (runAndReset()) {
      due = period > 0 ? after(due, period) : after(now(), -period);
      sleepUntilDue();
    }
  }

  @LoopConfined
  private void sleepUntilDue() {
    sleeping = true;
    try {
      Async.sleep(Duration.ofNanos(due - now()));
    } finally {
      sleeping = false;
    }
  }

  @Override
  void stop(Task<?> running, boolean mayInterruptIfRunning) {
    if (mayInterruptIfRunning) {
      super.stop(running, true);
    } else {
      var _ =
          kernel.wake(
              new Inbox.Message() {
                @Override
                void receive() {
                  if (sleeping) {
                    running.cancel("its future was cancelled");
                  }
                }
              });
    }
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - now(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }
}
