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
    LOOKING,
    ASKED_FOR,
    UNDER_WAY,
    DONE
  }

  private static final VarHandle AHEAD;
  private static final VarHandle START;
  private static final Object STARTED = new Object();

  static {
    try {
      var lookup = MethodHandles.lookup();
      AHEAD = lookup.findVarHandle(Coroutine.class, "ahead", Ahead.class);
      START = lookup.findVarHandle(Coroutine.class, "start", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private final boolean startsRegardless;

  // Any thread.
  private volatile @Nullable Object start; // STARTED, or the request that keeps it from starting
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
  }

  /** This, as the task that it is. */
  abstract Task<T> self();

  abstract String name();

  /** Called once, by the thread of the body, when the body has ended and the outcome is set. */
  abstract void bodyEnded(Outcome<T> outcome);

  // --- its thread, which its engine provides

  /** The thread that the body runs on. Any thread. */
  abstract Thread thread();

  /** Runs the thread, from its start on, until it waits or ends. Called on the loop. */
  abstract void step();

  /**
   * Lets others run until {@link #resume} is called and this thread's turn comes. Called by the
   * thread itself.
   *
   * @return false, at once, where the thread cannot be unmounted
   */
  abstract boolean unmount();

  /** As {@link #unmount} with the {@link #resume} already called. */
  abstract boolean unmountForOneTurn();

  /** Makes an unmounted thread ready. Called on the loop. */
  abstract void resume();

  // --- what it is

  final Kernel kernel() {
    return kernel;
  }

  /** Any thread. */
  final boolean isRunBy(Thread candidate) {
    return thread() == candidate;
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
  final Outcome<T> requireOutcome() {
    return Objects.requireNonNull(outcome);
  }

  // --- from start to end

  /**
   * Sees to it that the body never begins, unless it has begun. Any thread.
   *
   * @return whether it never will
   */
  final boolean preventStart(Supplier<CancelRequest> request) {
    if (startsRegardless) {
      return false;
    }
    if (start == null) {
      START.compareAndSet(this, null, request.get());
    }
    if (start instanceof CancelRequest reason) {
      offerRequest(reason);
      return true;
    }
    return false;
  }

  final void runBody() {
    end(runToOutcome());
    bodyEnded(requireOutcome());
  }

  final void end(Outcome<T> ending) {
    phase = Phase.DONE;
    innermost = this;
    outcome = ending;
  }

  private Outcome<T> runToOutcome() {
    var callable = Objects.requireNonNull(body);
    body = null;
    boolean startable = START.compareAndSet(this, null, STARTED);
    if (start instanceof CancelRequest reason) {
      offerRequest(reason); // whoever prevented the start may not have come to that yet
    }
    if (!startable || (isEffective() && !startsRegardless)) {
      return new Outcome.Cancellation<>(new Cancelled(Objects.requireNonNull(outermostRequest())));
    }
    phase = Phase.RUNNING;
    if (isEffective()) {
      deliverCancel();
    }
    try {
      return success(callable.call());
    } catch (Throwable thrown) {
      return outcomeOf(thrown);
    }
  }

  /** A call, since the class may not be loaded when a body is compiled (CompiledTasksTest). */
  private Outcome<T> success(T value) {
    return new Outcome.Success<>(value);
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
      unmounted = unmount();
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
      resume();
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
      return unmountForOneTurn();
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
    switch (phase) {
      case SUSPENDED -> {
        var _ = endAhead();
        var given = wait;
        if (given != null && given.abort()) {
          aborted = true;
          wakeUp(given);
        }
      }
      case RUNNING, RESUMED -> {
        if (!aborted) {
          interruptedFor =
              innermost.outermostRequest(); // first: whoever looks now has nothing to do
          if (!endAhead()) {
            interruptThread();
          }
        }
      }
      case CREATED, DONE -> {}
    }
  }

  /**
   * Interrupts this task if it holds its loop where it is cancelled or a time-out of its is up:
   * neither can be delivered as long as it does. Called by one thread other than the loop's.
   *
   * <p>What it looks at may change meanwhile. Whoever changes it does so first, and then takes back
   * what is not under way yet; so an interrupt comes for what was there to the last.
   */
  final void interruptAhead() {
    if (outcome != null || !AHEAD.compareAndSet(this, Ahead.NO, Ahead.LOOKING)) {
      return;
    }
    var asked = undelivered();
    if (asked == null) {
      AHEAD.compareAndSet(this, Ahead.LOOKING, Ahead.NO);
    } else if (AHEAD.compareAndSet(this, Ahead.LOOKING, Ahead.ASKED_FOR)) {
      // An interrupt closes a channel, which can block for as long as the channel's own call.
      WorkerThreads.interrupters()
          .execute(() -> {
            if (AHEAD.compareAndSet(this, Ahead.ASKED_FOR, Ahead.UNDER_WAY)) {
              interruptedFor = asked;
              interruptThread();
              ahead = Ahead.DONE;
            }
          });
    }
  }

  private @Nullable CancelRequest undelivered() {
    var here = innermost;
    if (interruptedFor != null || here.isEffective()) {
      return null;
    }
    long now = kernel.clock().nanoTime();
    for (CancelNode node = here; node != null; node = node.parent()) {
      if (node instanceof CancelScope scope) {
        scope.expireIfDue(now);
      }
      if (node.isShield()) {
        break;
      }
    }
    return here.outermostRequest();
  }

  /** Sees to it that no interrupt ahead comes any more; returns whether one has come. */
  private boolean endAhead() {
    while (true) {
      switch (ahead) {
        case NO -> {
          return false;
        }
        case LOOKING, ASKED_FOR -> {
          if (AHEAD.compareAndSet(this, Ahead.LOOKING, Ahead.NO)
              || AHEAD.compareAndSet(this, Ahead.ASKED_FOR, Ahead.NO)) {
            return false;
          }
        }
        case UNDER_WAY -> Thread.onSpinWait();
        case DONE -> {
          ahead = Ahead.NO;
          return true;
        }
      }
    }
  }

  /** Interrupts this task for the cancel that is in effect where it is. */
  final void interrupt() {
    interruptedFor = innermost.outermostRequest();
    interruptThread();
  }

  private void interruptThread() {
    try {
      thread().interrupt();
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
    return interrupter != null && Interruptions.caused(thrown) ? interrupter : null;
  }

  final void enter(CancelNode scope) {
    innermost.adopt(scope);
    innermost = scope;
    if (scope.isShield()) {
      takeBackAhead(scope.parent());
    }
  }

  final void leave(CancelNode scope) {
    var outside = Objects.requireNonNull(scope.parent());
    innermost = outside;
    scope.detach();
    takeBackAhead(outside);
  }

  /** Takes an interrupt back that is for none of the cancels which are in effect outside. */
  private void takeBackAhead(@Nullable CancelNode outside) {
    VarHandle.fullFence(); // what interruptAhead looks at has changed before this
    if (ahead == Ahead.NO && interruptedFor == null) {
      return;
    }
    if (innermost.isEffective() || (outside != null && outside.isEffective())) {
      return;
    }
    var pending = innermost.outermostRequest();
    if (pending == null || interruptedFor != pending) { // else it is ahead of its delivery
      var _ = endAhead();
      if (interruptedFor != null) {
        var _ = Thread.interrupted();
        interruptedFor = null;
      }
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
