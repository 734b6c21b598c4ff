package dev.segue;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A body on a thread of its own that its loop runs, suspends and resumes: the inner half of a
 * {@link Task}, which adds what others may do with it.
 *
 * <p>Confined to its loop, except where a field or method says "any thread".
 *
 * @param <T> the type of the result
 */
abstract class Coroutine<T extends @Nullable Object> extends CancelNode {
  /** How far the task is. Confined to the loop. */
  private enum Phase {
    /** The body has not begun. */
    CREATED,
    /** The body runs, or is in a JDK wait. */
    RUNNING,
    /** In a Segue wait. */
    SUSPENDED,
    /** The wait is over, and its turn will come. */
    RESUMED,
    /** The body has ended. */
    DONE
  }

  /** How far an interrupt is that came before its cancel could be delivered. Any thread. */
  private enum Ahead {
    NO,
    ASKED_FOR,
    UNDER_WAY,
    DONE
  }

  private static final VarHandle AHEAD;
  private static final VarHandle START;
  private static final int NOT_STARTED = 0;
  private static final int STARTED = 1;
  private static final int NEVER_TO_START = 2;

  static {
    try {
      var lookup = MethodHandles.lookup();
      AHEAD = lookup.findVarHandle(Coroutine.class, "ahead", Ahead.class);
      START = lookup.findVarHandle(Coroutine.class, "start", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private final TaskThread thread;
  private final boolean startsRegardless;

  // Any thread.
  private volatile int start;
  private volatile @Nullable Outcome<T> outcome;

  // Whoever interrupts ahead writes these, too, while this task holds the loop.
  private volatile @Nullable CancelRequest interruptedFor;
  private volatile Ahead ahead = Ahead.NO;

  private @Nullable Callable<T> body;
  private Phase phase;
  private CancelNode innermost = this;
  private @Nullable Wait wait;
  private boolean aborted;
  private @Nullable DeadlockException deadlock;

  Coroutine(Kernel kernel, Callable<T> body, boolean startsRegardless) {
    this.kernel = kernel;
    this.body = body;
    this.startsRegardless = startsRegardless;
    this.phase = Phase.CREATED;
    this.thread = kernel.engine().newThread(self());
  }

  /** One that has ended, and never ran. */
  Coroutine(Kernel kernel, Outcome<T> outcome) {
    this.kernel = kernel;
    this.startsRegardless = false;
    this.phase = Phase.DONE;
    this.outcome = outcome;
    this.thread = kernel.engine().newThread(self());
  }

  /** This, as the task that it is. */
  abstract Task<T> self();

  abstract String name();

  /** Called once, by the thread of the body, when the body has ended and the outcome is set. */
  abstract void bodyEnded(Outcome<T> outcome);

  // --- what it is

  final Kernel kernel() {
    return kernel;
  }

  final TaskThread thread() {
    return thread;
  }

  /** Any thread. */
  final boolean isRunBy(Thread candidate) {
    return thread.thread() == candidate;
  }

  @Override
  final Task<?> owner() {
    return self();
  }

  /** The innermost scope that the body is in; this where it is in none. */
  final CancelNode innermost() {
    return innermost;
  }

  final @Nullable Wait currentWait() {
    return wait;
  }

  final boolean isResumed() {
    return phase == Phase.RESUMED;
  }

  final boolean isInJdkWait() {
    return phase == Phase.RUNNING;
  }

  final boolean isInSegueWait() {
    return phase == Phase.SUSPENDED || phase == Phase.RESUMED;
  }

  final boolean canStep() {
    return phase != Phase.SUSPENDED; // one that has ended may still be busy telling others
  }

  final boolean startsRegardless() {
    return startsRegardless;
  }

  /** Any thread. */
  final boolean hasStarted() {
    return start == STARTED;
  }

  /** The outcome; null as long as there is none. Any thread. */
  final @Nullable Outcome<T> outcomeNow() {
    return outcome;
  }

  /** The outcome, which there is. Any thread. */
  final Outcome<T> ended() {
    return Objects.requireNonNull(outcome);
  }

  // --- from start to end

  /**
   * Sees to it that the body never begins, unless it has begun. Any thread.
   *
   * @return whether it never will
   */
  final boolean preventStart(Supplier<CancelRequest> request) {
    if (startsRegardless || !START.compareAndSet(this, NOT_STARTED, NEVER_TO_START)) {
      return start == NEVER_TO_START;
    }
    offerRequest(request.get());
    return true;
  }

  final void runBody() {
    end(runToOutcome());
    bodyEnded(ended());
  }

  final void end(Outcome<T> ending) {
    phase = Phase.DONE;
    innermost = this;
    outcome = ending;
  }

  private Outcome<T> runToOutcome() {
    var callable = Objects.requireNonNull(body);
    body = null;
    boolean startable = START.compareAndSet(this, NOT_STARTED, STARTED);
    if (!startable || (isEffective() && !startsRegardless)) {
      return new Outcome.Cancellation<>(new Cancelled(Objects.requireNonNull(outermostRequest())));
    }
    phase = Phase.RUNNING;
    if (isEffective()) {
      deliverCancel();
    }
    try {
      return new Outcome.Success<>(callable.call());
    } catch (Throwable thrown) {
      return outcomeOf(thrown);
    }
  }

  private Outcome<T> outcomeOf(Throwable thrown) {
    var request = cancelThatCaused(thrown);
    if (request == null || !isWithin(request.source())) {
      return new Outcome.Failure<>(thrown);
    }
    return new Outcome.Cancellation<>(
        thrown instanceof Cancelled cancelled ? cancelled : new Cancelled(request, thrown));
  }

  // --- suspending and waking

  /**
   * Suspends this task, which is the one that runs, until {@link #wakeUp}. The wait has been
   * registered with whatever will end it.
   *
   * @throws Cancelled if the wait was given up
   */
  final void suspend(Wait newWait) {
    boolean unmounted = false;
    try {
      // No call between these, so that an overflow of the stack leaves them as they were or done.
      wait = newWait;
      phase = Phase.SUSPENDED;
      kernel.suspended++;
      kernel.tellWaiting(self(), newWait);
      unmounted = thread.suspend();
    } finally {
      if (phase == Phase.SUSPENDED) { // pinned, or the stack overflowed: it never left
        wait = null;
        phase = Phase.RUNNING;
        kernel.suspended--;
        newWait.abort();
      }
      phase = Phase.RUNNING;
    }
    if (!unmounted) {
      throw pinned(newWait.describe());
    }
    if (deadlock != null) {
      var thrown = deadlock;
      deadlock = null;
      throw thrown;
    }
    if (aborted) {
      aborted = false;
      throw cancelled();
    }
  }

  /**
   * Ends this task's wait, if that is still {@code over}; the task runs again when its turn comes.
   */
  final void wakeUp(Wait over) {
    if (phase == Phase.SUSPENDED && wait == over) {
      wait = null;
      phase = Phase.RESUMED;
      kernel.suspended--;
      thread.resume();
    }
  }

  /** Lets the others run once, and throws if this task is cancelled. */
  final void checkpoint() {
    boolean unmounted = yieldOnce();
    if (innermost.isEffective()) {
      throw cancelled();
    }
    if (!unmounted) {
      throw pinned("a checkpoint");
    }
  }

  /** Throws if this task is cancelled where it is now, one turn later. */
  final void checkCancelled() {
    if (innermost.isEffective()) {
      yieldOnce();
      throw cancelled();
    }
  }

  private boolean yieldOnce() {
    phase = Phase.RESUMED;
    try {
      return thread.yieldOnce();
    } finally {
      phase = Phase.RUNNING;
    }
  }

  private IllegalStateException pinned(String what) {
    return new IllegalStateException(
        "task '"
            + name()
            + "' cannot wait for "
            + what
            + " here: it is in a class initializer or under a native frame, where a virtual thread"
            + " cannot be unmounted, so the whole loop would stop; move the wait out of it");
  }

  /** What to throw from a wait of this task, which is cancelled where it is. */
  final Cancelled cancelled() {
    if (interruptedFor != null) {
      var _ = Thread.interrupted(); // it has been told now
    }
    return new Cancelled(Objects.requireNonNull(innermost.outermostRequest()));
  }

  /** Ends this task's wait with an exception that names the ring it closes. */
  final void failWith(DeadlockException thrown) {
    var given = wait;
    if (given != null && given.abort()) {
      deadlock = thrown;
      wakeUp(given);
    }
  }

  // --- cancellation

  /** Tells this task that it is cancelled where it is now. */
  final void deliverCancel() {
    boolean told = endAhead();
    switch (phase) {
      case SUSPENDED -> {
        var given = wait;
        if (given != null && given.abort()) {
          aborted = true;
          wakeUp(given);
        }
      }
      case RUNNING, RESUMED -> {
        if (!aborted && !told) {
          interrupt();
        }
      }
      case CREATED, DONE -> {}
    }
  }

  /**
   * Interrupts this task if it holds its loop where it is cancelled or a time-out of its is up:
   * neither can be delivered as long as it does. Called by other threads than the loop's.
   */
  final void interruptAhead() {
    if (interruptedFor != null || outcome != null) {
      return;
    }
    for (CancelNode node = innermost; node != null; node = node.parent()) {
      if (node instanceof CancelScope scope) {
        scope.expireIfDue(kernel.clock().nanoTime());
      }
      if (node.isShield()) {
        break;
      }
    }
    var asked = innermost.outermostRequest();
    if (asked != null && AHEAD.compareAndSet(this, Ahead.NO, Ahead.ASKED_FOR)) {
      interruptedFor = asked;
      // An interrupt closes a channel, which can block for as long as the channel's own call.
      WorkerThreads.interrupters()
          .execute(() -> {
            if (AHEAD.compareAndSet(this, Ahead.ASKED_FOR, Ahead.UNDER_WAY)) {
              interruptThread();
              ahead = Ahead.DONE;
            }
          });
    }
  }

  /** Sees to it that no interrupt ahead comes any more; returns whether one has come. */
  private boolean endAhead() {
    if (ahead == Ahead.NO || AHEAD.compareAndSet(this, Ahead.ASKED_FOR, Ahead.NO)) {
      return false;
    }
    while (ahead == Ahead.UNDER_WAY) {
      Thread.onSpinWait();
    }
    ahead = Ahead.NO;
    return true;
  }

  /** Interrupts this task for the cancel that is in effect where it is. */
  final void interrupt() {
    interruptedFor = innermost.outermostRequest();
    interruptThread();
  }

  private void interruptThread() {
    try {
      thread.thread().interrupt();
    } catch (RuntimeException e) {
      // A channel's own close, which the interrupt calls, failed; the wait has been told all the
      // same.
      Log.LOGGER.log(Level.WARNING, "while interrupting " + this, e);
    }
  }

  /** The cancel that {@code thrown} comes from: it says so, or our interrupt caused it. */
  final @Nullable CancelRequest cancelThatCaused(Throwable thrown) {
    if (thrown instanceof Cancelled cancelled) {
      return cancelled.request();
    }
    var interrupter = interruptedFor;
    return interrupter != null && Failures.isInterruption(thrown) ? interrupter : null;
  }

  final void enter(CancelNode scope) {
    innermost.adopt(scope);
    innermost = scope;
  }

  final void leave(CancelNode scope) {
    innermost = Objects.requireNonNull(scope.parent());
    scope.detach();
    if (interruptedFor != null
        && !innermost.isEffective()
        && interruptedFor != innermost.outermostRequest()) { // else it is ahead of its delivery
      var _ = endAhead();
      var _ = Thread.interrupted();
      interruptedFor = null;
    }
  }

  /** Takes back an interrupt of ours that no wait has seen yet. */
  final boolean takeInterrupt() {
    return interruptedFor != null && Thread.interrupted();
  }

  final void throwForeignInterrupt() throws InterruptedException {
    if (interruptedFor == null && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
