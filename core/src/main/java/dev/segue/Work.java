package dev.segue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.internal.DoneCallback;
import dev.segue.futures.internal.Failures;
import java.io.Serializable;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A body that an executor runs for a task, and the task's wait for it.
 *
 * <p>Cancelling the task interrupts the thread that runs the body and waits until the body has
 * ended: structured code never leaves work behind. A body that has not begun never will.
 *
 * <p>Serializing it yields the body alone: an executor that does so runs that elsewhere, and the
 * wait is a {@link WorkElsewhere}.
 *
 * @param <T> the result
 */
final class Work<T extends @Nullable Object> extends OutsideWait
    implements Callable<T>, Serializable {
  /** The loop that the calling thread works for, as long as it does. */
  private static final ThreadLocal<@Nullable Kernel> WORKING_FOR = new ThreadLocal<>();

  private enum State {
    QUEUED,
    RUNNING,
    ENDED,
    GIVEN_UP
  }

  private final Callable<T> body;
  private final ExecutorService executor;

  @GuardedBy("this")
  private State state = State.QUEUED;

  @GuardedBy("this")
  private @Nullable Thread runner;

  @GuardedBy("this")
  private boolean interrupted;

  @GuardedBy("this")
  private boolean interruptMetWait;

  // Written before the end arrives at the loop, read after.
  private @Nullable T value;
  private @Nullable Throwable failure;
  private boolean interruptHidden;

  private @Nullable Future<?> future; // confined to the loop

  private Work(Task<?> waiter, ExecutorService executor, Callable<T> body, Kind kind) {
    super(waiter, kind, kind == Kind.THREAD ? "a thread" : "an executor");
    this.executor = executor;
    this.body = body;
  }

  /** Runs a body on threads of the loop's own, for the current task, and waits for it. */
  static <T extends @Nullable Object> T run(
      Task<?> waiter, WorkerThreads workers, Callable<T> body) {
    var loader = Thread.currentThread().getContextClassLoader();
    Callable<T> inContext =
        () -> {
          Thread.currentThread().setContextClassLoader(loader);
          return body.call();
        };
    return run(waiter, workers.executor(), inContext, Kind.THREAD);
  }

  /**
   * Runs a body on an executor, for the current task, and waits for it: also for an executor that
   * drops it, which only the executor's own future tells.
   */
  static <T extends @Nullable Object> T run(
      Task<?> waiter, ExecutorService executor, Callable<T> body) {
    return run(waiter, executor, body, Kind.EXECUTOR);
  }

  private static <T extends @Nullable Object> T run(
      Task<?> waiter, ExecutorService executor, Callable<T> body, Kind kind) {
    waiter.checkCancelled();
    var work = new Work<T>(waiter, executor, body, kind);
    var future = executor.submit(work);
    if (future instanceof WorkFuture<T> elsewhere) {
      return WorkElsewhere.await(waiter, elsewhere);
    }
    work.future = future;
    if (!work.hasEnded()) {
      if (waiter.innermost().isEffective() && work.abort()) {
        throw waiter.cancelled(); // the cancel came while the executor took the work
      }
      var dropped =
          kind == Kind.EXECUTOR ? DoneCallback.of(future, _ -> work.endedUnbegun()) : null;
      try {
        work.awaitWork();
      } finally {
        if (dropped != null) {
          dropped.close();
        }
      }
    } else {
      work.await();
    }
    return work.valueOrThrow(waiter);
  }

  private void endedUnbegun() {
    synchronized (this) {
      if (state != State.QUEUED) {
        return;
      }
      state = State.GIVEN_UP;
    }
    failure = new CancellationException("the executor cancelled the work before it started");
    end();
  }

  /** Whether a task of this loop waits for what the calling thread does. */
  static boolean isFor(Kernel kernel) {
    return WORKING_FOR.get() == kernel;
  }

  /** Whether the body has called {@link System#exit}. */
  synchronized boolean exits() {
    return ExitInside.isIn(runner);
  }

  /** What the body was given to. */
  @AnyThread
  ExecutorService executor() {
    return executor;
  }

  /** The thread that runs the body now; null if none does. */
  @AnyThread
  synchronized @Nullable Thread runner() {
    return runner;
  }

  private Object writeReplace() {
    return body;
  }

  // On the executor's thread.
  @Override
  public T call() throws Exception {
    synchronized (this) {
      if (state != State.QUEUED) {
        throw new CancellationException("the task that submitted this work was cancelled");
      }
      state = State.RUNNING;
      runner = Thread.currentThread();
    }
    try {
      WORKING_FOR.set(waiter().kernel());
      var result = body.call();
      value = result;
      return result;
    } catch (Throwable t) {
      failure = t;
      throw t;
    } finally {
      WORKING_FOR.remove();
      synchronized (this) {
        state = State.ENDED;
        runner = null;
        if (interrupted) { // the thread is the executor's: it gets it back as it was
          interruptHidden = Thread.interrupted() && interruptMetWait;
        }
      }
      end();
    }
  }

  @Override
  boolean giveUp() {
    boolean neverRuns;
    synchronized (this) {
      neverRuns = state == State.QUEUED || state == State.GIVEN_UP;
      if (neverRuns) {
        state = State.GIVEN_UP;
      } else {
        interrupted |= state == State.RUNNING;
      }
    }
    if (neverRuns) {
      try {
        Objects.requireNonNull(future).cancel(false);
      } catch (Throwable thrown) { // the executor's own code; the body never runs all the same
        Log.warn("an executor threw while its work was cancelled", thrown);
      }
      return true;
    }
    WorkerThreads.doElsewhere(this::interruptRunner);
    return false;
  }

  private synchronized void interruptRunner() {
    if (runner != null) {
      interruptMetWait = Interruptions.isWait(runner.getState());
      runner.interrupt();
    }
  }

  @SuppressWarnings("NullAway") // a null is a T here: the body returned it
  private T valueOrThrow(Task<?> waiter) {
    if (failure == null) {
      return value;
    }
    boolean ours;
    boolean dropped;
    synchronized (this) {
      ours = interrupted;
      dropped = state == State.GIVEN_UP;
    }
    if (ours
        && waiter.innermost().isEffective()
        && Interruptions.caused(failure, interruptHidden)) {
      throw Interruptions.isOne(failure) ? waiter.cancelled() : waiter.cancelledBy(failure);
    }
    if (dropped && failure instanceof CancellationException cancelled) {
      throw cancelled;
    }
    throw Failures.wrap(failure);
  }
}
