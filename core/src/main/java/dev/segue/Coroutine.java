package dev.segue;

import dev.segue.futures.internal.Failures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A body on a thread of its own that its loop runs, suspends and resumes: the inner half of a
 * {@link Task}, which adds what others may do with it.
 *
 * @param <T> the type of the result
 */
@LoopConfined
abstract class Coroutine<T extends @Nullable Object> extends CancelNode {
  /** How far the task is. */
  private enum Phase {
    /** The body has not begun. */
    CREATED,
    /** The body runs, or is in a JDK wait. */
    RUNNING,
    /** In a Segue wait. */
    SUSPENDED,
    /** The wait is over, and its turn will come. */
    RESUMED,
    /** The body has ended, and others are told of it. */
    ENDING,
    /** There is nothing left to run. */
    DONE
  }

  /**
   * An interrupt of ours.
   *
   * @param request the cancel that it was for
   * @param metWait whether it met the thread in a wait
   * @param pending whether no wait has seen it
   */
  record Interrupted(CancelRequest request, boolean metWait, boolean pending) {}

  private static final VarHandle EARLY;
  private static final VarHandle START;
  private static final VarHandle OUTCOME;
  private static final Object STARTED = new Object();

  /** What a task ends with where there is no memory left to say with what. */
  private static final Outcome<?> NO_MEMORY =
      new Outcome.Failure<>(new OutOfMemoryError("no memory was left to tell how the task ended"));

  static {
    try {
      var lookup = MethodHandles.lookup();
      EARLY = lookup.findVarHandle(Coroutine.class, "early", EarlyInterrupt.class);
      START = lookup.findVarHandle(Coroutine.class, "start", Object.class);
      OUTCOME = lookup.findVarHandle(Coroutine.class, "outcome", Outcome.class);
      OutOfMemory.prepare();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private final boolean startsRegardless;

  // Any thread.
  private volatile @Nullable Object start; // STARTED, or the request that keeps it from starting
  private volatile @Nullable Outcome<T> outcome;

  // Written by the loop, and by an early interrupt while this task holds the loop.
  private volatile @Nullable CancelRequest interruptedFor;
  private volatile @Nullable EarlyInterrupt early;
  private boolean interruptMetWait;

  private @Nullable Callable<T> body;
  private Phase phase;
  private CancelNode innermost = this;
  private @Nullable Wait wait;
  private boolean aborted;
  private boolean elsewhere;
  private @Nullable ClockedWait clocked;
  private long waitsSince; // about
  private @Nullable Throwable failure; // what the wait that was given up ends with

  Coroutine(TaskSpec<T> spec) {
    this.kernel = spec.kernel();
    this.body = spec.body();
    this.startsRegardless = spec.startsRegardless();
    this.phase = Phase.CREATED;
  }

  /** This, as the task that it is. */
  abstract Task<T> self();

  abstract String name();

  /** Called once, by the thread of the body, when the body has ended and the outcome is set. */
  abstract void bodyEnded(Outcome<T> outcome);

  // --- its thread, which its engine provides

  /** The thread that the body runs on. */
  @AnyThread
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

  /** The thread will run no more, whatever it has left to do: lets its memory be freed. */
  abstract void giveUpThread();

  // --- what it is

  @AnyThread
  final Kernel kernel() {
    return kernel;
  }

  @AnyThread
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

  /** When it began to wait, to within some looks of the watchdog; of meaning only in a wait. */
  final long waitsSince() {
    return waitsSince;
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
    return phase != Phase.SUSPENDED; // the thread of one that is done may still have to end
  }

  /** A step of this task is over: returns whether it has gone into a wait that is not Segue's. */
  final boolean goesElsewhere() {
    elsewhere = phase == Phase.RUNNING || phase == Phase.ENDING;
    if (elsewhere) {
      waitsSince = kernel.lately();
    }
    return elsewhere;
  }

  /** What a tool has said about the JDK wait that this task is in, or about to begin. */
  final @Nullable ClockedWait clockedWait() {
    return clocked;
  }

  final void setClockedWait(@Nullable ClockedWait wait) {
    clocked = wait;
  }

  /** A step of this task begins: returns whether it comes back from such a wait. */
  final boolean comesBack() {
    boolean back = elsewhere;
    elsewhere = false;
    return back;
  }

  final boolean startsRegardless() {
    return startsRegardless;
  }

  @AnyThread
  final boolean hasStarted() {
    return start == STARTED;
  }

  /** The outcome; null as long as there is none. */
  @AnyThread
  final @Nullable Outcome<T> outcomeNow() {
    return outcome;
  }

  /** The outcome, which there is. */
  @AnyThread
  final Outcome<T> requireOutcome() {
    return Objects.requireNonNull(outcome);
  }

  // --- from start to end

  /**
   * Sees to it that the body never begins, unless it has begun.
   *
   * @return whether it never will
   */
  @AnyThread
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
    Outcome<T> ending;
    try {
      ending = runToOutcome();
    } catch (Throwable fault) {
      ending = failure(fault);
    }
    finish(ending);
  }

  /** Ends this task whose thread will not run. Called on the loop. */
  final void neverRuns(Throwable why) {
    body = null;
    finish(failure(why));
  }

  /** Throws nothing: neither the thread nor the loop could do anything about it. */
  private void finish(Outcome<T> ending) {
    try {
      endWithMemory(ending);
      bodyEnded(ending);
    } catch (Throwable fault) {
      report(fault);
    } finally {
      phase = Phase.DONE;
    }
  }

  private void report(Throwable fault) {
    try {
      Log.error("not all that follows the end of task '" + name() + "' was done", fault);
    } catch (Throwable _) {
      // No memory even for that text.
    }
  }

  @SuppressWarnings("unchecked") // NO_MEMORY has no value
  final Outcome<T> failure(Throwable cause) {
    try {
      return new Outcome.Failure<>(cause);
    } catch (Throwable _) { // no memory, not even to load the class
      return (Outcome<T>) NO_MEMORY;
    }
  }

  /** Even this takes memory, when the JVM links it for its first use. */
  private void endWithMemory(Outcome<T> ending) {
    for (int tries = 1; outcome == null; tries++) {
      try {
        end(ending);
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  final void end(Outcome<T> ending) {
    phase = Phase.ENDING;
    innermost = this;
    OUTCOME.setRelease(this, ending); // the observers are told next, with a fence of their own
  }

  private Outcome<T> runToOutcome() {
    var callable = Objects.requireNonNull(body);
    body = null;
    boolean startable = START.compareAndSet(this, null, STARTED);
    if (start instanceof CancelRequest reason) {
      offerRequest(reason); // the thread that prevented the start may not have done that yet
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
    } catch (InterruptedException e) {
      return outcomeOf(cancelled(e));
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
    if (thrown instanceof Cancelled cancelled) {
      return new Outcome.Cancellation<>(cancelled);
    }
    if (interruptedFor != null) {
      var _ = Thread.interrupted(); // it has been told, and logging might close a log's channel
    }
    Interruptions.log(self(), request, thrown);
    return new Outcome.Cancellation<>(new Cancelled(request, thrown));
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
    long since = kernel.lately();
    if (phase != Phase.RUNNING || kernel.isLookedAt()) {
      var _ = giveUp(newWait);
      throw mustNotWait();
    }
    try {
      // No call between these, so that an overflow of the stack leaves both as they were or done.
      wait = newWait;
      waitsSince = since;
      phase = Phase.SUSPENDED;
      unmounted = unmount();
    } finally {
      if (phase == Phase.SUSPENDED) { // pinned, or the stack overflowed: it never left
        wait = null;
        phase = Phase.RUNNING;
        var _ = giveUp(newWait);
      }
      phase = Phase.RUNNING;
    }
    if (!unmounted) {
      throw pinned(newWait.describe());
    }
    kernel.returned(self());
    if (failure != null) {
      var thrown = failure;
      failure = null;
      throw Failures.<RuntimeException>rethrow(thrown);
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

  /** As {@link #checkpoint}, whether this task is cancelled or not. */
  final void letOthersRun() {
    var _ = yieldOnce();
  }

  private boolean yieldOnce() {
    if (phase != Phase.RUNNING || kernel.isLookedAt()) {
      throw mustNotWait();
    }
    phase = Phase.RESUMED;
    boolean unmounted = false;
    try {
      unmounted = unmountForOneTurn();
    } finally {
      phase = Phase.RUNNING;
    }
    if (unmounted) {
      kernel.returned(self());
    }
    return unmounted;
  }

  /** A tool, or a stage that depends on the end of this task, waits on its thread. */
  private IllegalStateException mustNotWait() {
    return new IllegalStateException(
        phase == Phase.RUNNING
            ? "an instrument, which is called in the middle of the loop's work, must not wait"
            : "task '" + name() + "' has ended, and what is told of its end must not wait");
  }

  /** What a wait that would hold the loop throws instead. */
  final IllegalStateException pinned(String what) {
    return new IllegalStateException(
        "task '"
            + name()
            + "' cannot wait for "
            + what
            + " here, inside a class initializer or below a native frame: its virtual thread"
            + " cannot unmount, so the wait would stop the whole loop; move the wait out of there");
  }

  /** What to throw from a wait of this task, which is cancelled where it is. */
  final Cancelled cancelled() {
    if (interruptedFor != null) {
      var _ = Thread.interrupted(); // it has been told now
    }
    return new Cancelled(Objects.requireNonNull(innermost.outermostRequest()));
  }

  /** As {@link #cancelled}, where what was waited for ended in a failure that counts as that. */
  final Cancelled cancelledBy(Throwable failure) {
    var cancelled = cancelled();
    cancelled.initCause(failure);
    Interruptions.log(self(), Objects.requireNonNull(cancelled.request()), failure);
    return cancelled;
  }

  /** Ends this task's wait with an exception, if it can be given up. */
  final void failWith(Throwable thrown) {
    var given = wait;
    if (given != null && giveUp(given)) {
      failure = thrown;
      wakeUp(given);
    }
  }

  /** Gives a wait up, if it can be; where that throws, the wait goes on. */
  private boolean giveUp(Wait given) {
    try {
      return given.abort();
    } catch (Throwable thrown) { // the loop, which calls this, has others to care for
      Log.warn("while the wait of task '" + name() + "' was given up", thrown);
      return false;
    }
  }

  // --- cancellation

  /** Tells this task that it is cancelled where it is now. */
  final void deliverCancel() {
    kernel.cancelDelivered(self());
    switch (phase) {
      case SUSPENDED -> {
        var _ = withdrawEarlyInterrupt();
        var given = wait;
        if (given != null && giveUp(given)) {
          aborted = true;
          wakeUp(given);
        }
      }
      case RUNNING, RESUMED -> {
        if (!aborted) {
          interruptedFor =
              innermost.outermostRequest(); // first: a look that comes now has nothing to do
          if (!withdrawEarlyInterrupt()) {
            noteInterrupt(phase == Phase.RUNNING && Thread.currentThread() != thread());
            interruptThread();
          }
        }
      }
      case CREATED, ENDING, DONE -> {}
    }
  }

  /** Makes room for one attempt at an early interrupt. */
  @AnyThread
  final boolean beginEarlyInterrupt(EarlyInterrupt attempt) {
    return outcome == null && EARLY.compareAndSet(this, null, attempt);
  }

  /** Forgets an attempt that came to nothing. */
  @AnyThread
  final void endEarlyInterrupt(EarlyInterrupt attempt) {
    EARLY.compareAndSet(this, attempt, null);
  }

  /** Sees to it that no early interrupt comes any more; returns whether one has come. */
  private boolean withdrawEarlyInterrupt() {
    var attempt = early;
    if (attempt == null) {
      return false;
    }
    boolean came = attempt.withdraw();
    early = null;
    return came;
  }

  /** Whether an interrupt of ours is under way or has come, and no wait has seen it. */
  @AnyThread
  final boolean isInterruptedByUs() {
    return interruptedFor != null;
  }

  /** Interrupts this task, which holds its loop, for a cancel. On another thread. */
  @AnyThread(because = "of the handshake of EarlyInterrupt")
  final void interruptEarly(CancelRequest request) {
    noteInterrupt(Interruptions.isWait(thread().getState()));
    interruptedFor = request; // before the interrupt: a look that comes now has nothing to do
    interruptThread();
  }

  /** Interrupts this task again for the cancel that is in effect where it is. */
  final void interruptAgain() {
    interruptedFor = innermost.outermostRequest();
    interruptThread();
  }

  /** An interrupt is about to come: notes whether it, or one that is still pending, met a wait. */
  @AnyThread(because = "of the handshake of EarlyInterrupt")
  private void noteInterrupt(boolean meetsWait) {
    interruptMetWait = meetsWait || (interruptMetWait && thread().isInterrupted());
  }

  private void interruptThread() {
    try {
      thread().interrupt();
    } catch (Throwable thrown) {
      // A channel's own close, which the interrupt calls, failed; the wait has been told all the
      // same.
      Log.warn("while task '" + name() + "' was interrupted", thrown);
    }
  }

  /**
   * The cancel around this task that {@code thrown}, which leaves a body, comes from: it says so,
   * one of its causes says so, or our interrupt caused it. Called by the task's own thread.
   */
  final @Nullable CancelRequest cancelThatCaused(Throwable thrown) {
    if (thrown instanceof Cancelled cancelled) {
      return cancelled.request();
    }
    var wrapped = cancelAmong(Interruptions.causes(thrown));
    if (wrapped != null) {
      return wrapped;
    }
    var interrupter = interruptedFor;
    return interrupter != null
            && Interruptions.caused(thrown, interruptMetWait && thread().isInterrupted())
        ? interrupter
        : null;
  }

  private @Nullable CancelRequest cancelAmong(List<Throwable> causes) {
    if (Interruptions.hasError(causes)) {
      return null;
    }
    for (var cause : causes) {
      if (cause instanceof Cancelled cancelled) {
        var request = cancelled.request();
        if (request != null && innermost.isWithin(request.source())) {
          return request;
        }
      }
    }
    return null;
  }

  final void enter(CancelNode scope) {
    innermost.adopt(scope);
    innermost = scope;
  }

  final void leave(CancelNode scope) {
    var outside = Objects.requireNonNull(scope.parent());
    innermost = outside;
    scope.detach();
    if (scope.isShield() || !outside.isEffective()) {
      takeBackInterrupt();
    }
  }

  /** Takes an interrupt back that was for what has been left. */
  private void takeBackInterrupt() {
    VarHandle.fullFence(); // EarlyInterrupt's handshake
    if (early == null && interruptedFor == null) {
      return;
    }
    var pending = innermost.outermostRequest();
    if (pending == null || interruptedFor != pending) { // else it is ahead of its delivery
      var _ = withdrawEarlyInterrupt();
      if (interruptedFor != null) {
        var _ = Thread.interrupted();
        interruptedFor = null;
        interruptMetWait = false;
      }
    }
  }

  /**
   * Keeps an interrupt of ours out of the shield that has been entered, inside which it means
   * nothing. A cancel that it is ahead of is put into effect: nothing else would tell of that.
   *
   * @return what to put back when the shield has been left; null if there was none
   */
  final @Nullable Interrupted putInterruptAside() {
    VarHandle.fullFence(); // EarlyInterrupt's handshake
    var _ = withdrawEarlyInterrupt();
    var request = interruptedFor;
    if (request == null) {
      return null;
    }
    var aside = new Interrupted(request, interruptMetWait, Thread.interrupted());
    interruptedFor = null;
    interruptMetWait = false;
    var outside = Objects.requireNonNull(innermost.parent());
    if (!outside.isEffective() && outside.isWithin(request.source())) {
      request.source().deliver();
    }
    return aside;
  }

  /** Undoes {@link #putInterruptAside}; returns whether the interrupt has yet to be seen. */
  final boolean putInterruptBack(@Nullable Interrupted aside) {
    if (aside == null) {
      return false;
    }
    interruptedFor = aside.request;
    interruptMetWait = aside.metWait;
    return aside.pending;
  }

  /** Calls a body in this task; an interrupt that leaves it is thrown as the cancel that it is. */
  final <R extends @Nullable Object, X extends Throwable> R call(Body<R, X> body) throws X {
    try {
      return body.call();
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  /**
   * What to throw instead of an interrupt that leaves a body: the cancel that caused it. If it was
   * none of ours, this task is cancelled now.
   */
  final Cancelled cancelled(InterruptedException thrown) {
    var request = cancelThatCaused(thrown);
    if (request == null || !innermost.isWithin(request.source())) {
      offerRequest(new CancelRequest(this, "its thread was interrupted from outside", null));
      deliver();
      var _ = Thread.interrupted(); // it has been told: by the exception
      request = Objects.requireNonNull(request());
    }
    var cancelled = new Cancelled(request, thrown);
    Failures.suppress(cancelled, List.of(thrown.getSuppressed()));
    return cancelled;
  }

  @AnyThread
  final void throwForeignInterrupt() throws InterruptedException {
    if (interruptedFor == null && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
