package dev.segue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that runs on an event loop, concurrently with the loop's other tasks, and the future of
 * its result.
 *
 * <p>Its thread is a virtual thread that the loop alone runs: tasks of one loop take turns, and
 * change over only where one waits. A task is created by {@link Async#createTask}, {@link
 * TaskGroup#spawn} or {@link EventLoop#submit}, starts on a later turn of the loop, and is held by
 * the loop until it has ended.
 *
 * <p>As a {@link Future} it differs in this: {@link #cancel(boolean) cancelling} is a request, and
 * the task is {@linkplain #isDone() done} only once its body has ended. Counterpart of {@code
 * asyncio.Task}. Methods may be called from any thread unless they say otherwise.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends CancelNode implements Future<T> {
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

  private static final VarHandle START;
  private static final VarHandle ENDED;
  private static final int NOT_STARTED = 0;
  private static final int STARTED = 1;
  private static final int NEVER_TO_START = 2;

  static {
    try {
      var lookup = MethodHandles.lookup();
      START = lookup.findVarHandle(Task.class, "start", int.class);
      ENDED = lookup.findVarHandle(Task.class, "ended", CompletableFuture.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Kernel kernel;
  private final long id;
  private final @Nullable String givenName;
  private final TaskThread thread;
  private final boolean startsRegardless;
  private final @Nullable Throwable creation;

  // Any thread.
  private volatile int start;
  private volatile @Nullable Outcome<T> outcome;
  private volatile @Nullable CompletableFuture<@Nullable Void> ended;
  private volatile boolean observed;
  private volatile UnobservedFailures.@Nullable Watched watched;

  // Confined to the loop, or written by the watchdog while this task holds the loop.
  private volatile @Nullable CancelRequest interruptedFor;
  private volatile boolean interruptedAhead;

  // Confined to the loop.
  private @Nullable Callable<T> body;
  private Phase phase = Phase.CREATED;
  private CancelNode innermost = this;
  private @Nullable TaskGroup group;
  private @Nullable Wait wait;
  private boolean aborted;
  private @Nullable DeadlockException deadlock;
  private @Nullable TaskObserver firstObserver;
  private @Nullable TaskObserver lastObserver;

  Task(Kernel kernel, @Nullable String name, Callable<T> body, boolean startsRegardless) {
    this.kernel = kernel;
    this.id = kernel.loop().nextTaskId();
    this.givenName = name;
    this.body = body;
    this.startsRegardless = startsRegardless;
    this.creation = Debug.ON ? new Throwable("task '" + name() + "' was created here") : null;
    this.thread = kernel.engine().newThread(this);
  }

  /** A failed task that stands for one that is gone. */
  Task(
      Kernel kernel,
      long id,
      @Nullable String name,
      @Nullable Throwable creation,
      Throwable failure) {
    this.kernel = kernel;
    this.id = id;
    this.givenName = name;
    this.startsRegardless = false;
    this.creation = creation;
    this.thread = kernel.engine().newThread(this);
    this.phase = Phase.DONE;
    this.outcome = new Outcome.Failure<>(failure);
    this.observed = true;
  }

  // --- waiting for it

  /**
   * Waits for this task to end and returns its result. Called inside a task, of this loop or
   * another.
   *
   * <p>Being cancelled while waiting does not cancel this task.
   *
   * @return what the body returned
   * @throws CompletionException if the body failed; the cause is what it threw
   * @throws CancellationException if this task ended cancelled
   * @throws Cancelled if the waiting task is cancelled
   * @throws DeadlockException if this task waits, however indirectly, for the one that calls
   * @throws IllegalStateException outside a task
   */
  public T await() {
    waitForEnd(current("Task.await"));
    return valueOrThrow();
  }

  /**
   * Waits for this task to end and returns how it ended. Called inside a task, of this loop or
   * another.
   *
   * {@snippet class="dev.segue.snippets.SnippetsTest" region="outcome"}
   *
   * @return the outcome
   * @throws Cancelled if the waiting task is cancelled; the one thing thrown besides misuse
   * @throws DeadlockException as {@link #await}
   * @throws IllegalStateException outside a task
   */
  public Outcome<T> outcome() {
    waitForEnd(current("Task.outcome"));
    markObserved();
    return ended();
  }

  /**
   * Waits for this task to end and returns its result. Inside a task of this loop the wait is
   * cooperative, as {@link #await}; any other thread blocks.
   *
   * @return what the body returned
   * @throws ExecutionException if the body failed; the cause is what it threw
   * @throws CancellationException if this task ended cancelled
   * @throws Cancelled if called in a task, and that task is cancelled
   * @throws InterruptedException if the calling thread is interrupted
   * @throws IllegalStateException on the loop's own thread, outside a task, where the wait could
   *     never end
   */
  @Override
  public T get() throws InterruptedException, ExecutionException {
    if (!isDone()) {
      var current = CarrierEngine.currentTask();
      if (current != null && current.kernel == kernel) {
        current.throwForeignInterrupt();
        waitForEnd(current);
      } else {
        refuseToBlockLoop();
        endedFuture().get();
      }
    }
    return valueOrThrowExecution();
  }

  /**
   * Waits as {@link #get()}, for a limited time.
   *
   * @param timeout how long; zero or less for not at all
   * @param unit the unit of {@code timeout}
   * @return what the body returned
   * @throws TimeoutException if this task has not ended in time; it goes on
   */
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    Objects.requireNonNull(unit, "unit must not be null");
    if (!isDone()) {
      var current = CarrierEngine.currentTask();
      if (current != null && current.kernel == kernel) {
        current.throwForeignInterrupt();
        var limit = Duration.ofNanos(unit.toNanos(timeout));
        if (!limit.isPositive() || !CancelScope.within(limit).run(() -> waitForEnd(current))) {
          throw new TimeoutException(this + " has not ended within " + limit);
        }
      } else {
        refuseToBlockLoop();
        endedFuture().get(timeout, unit);
      }
    }
    return valueOrThrowExecution();
  }

  // --- cancelling it

  /**
   * Asks this task to end: {@code cancel(true)} as {@link #cancel()}; {@code cancel(false)} touches
   * only a task whose body has not begun, which then never begins.
   *
   * @param mayInterruptIfRunning whether a body that has begun is to be cancelled too
   * @return whether the request was made: false if this task has ended, or has begun and is not to
   *     be interrupted
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (mayInterruptIfRunning) {
      return cancel();
    }
    if (startsRegardless || !START.compareAndSet(this, NOT_STARTED, NEVER_TO_START)) {
      return start == NEVER_TO_START && !isDone();
    }
    offerRequest(CancelRequest.byCall(this, defaultReason()));
    return true;
  }

  /**
   * Asks this task to end. A body that has not begun never begins; in one that has, the current
   * wait is ended with {@link Cancelled}, and every Segue wait after it, until the body has ended.
   * A JDK wait gets one interrupt for each call.
   *
   * <p>From another thread, a task that holds its loop is interrupted too, a moment later: a
   * computation can look at {@link Thread#interrupted()}. What this task itself waits for is not
   * cancelled, and a body may decline: it ends {@linkplain #isCancelled() cancelled} only if {@code
   * Cancelled} leaves it.
   *
   * @return false if this task has already ended
   */
  public boolean cancel() {
    return !isDone() && cancel(defaultReason());
  }

  /**
   * Asks this task to end, as {@link #cancel()}, and says why.
   *
   * @param reason what {@link Cancelled#reason()} will say; the first of several calls wins
   * @return false if this task has already ended
   */
  public boolean cancel(String reason) {
    Objects.requireNonNull(reason, "reason must not be null");
    if (isDone()) {
      return false;
    }
    if (request() == null) {
      offerRequest(CancelRequest.byCall(this, reason));
    }
    kernel.deliverCancel(this);
    return true;
  }

  /**
   * Returns whether this task has been asked to end, by a cancel of its own or of a scope or group
   * that it runs in.
   *
   * @return whether a cancel was requested; true also where the body declined it
   */
  public boolean isCancelRequested() {
    return request() != null || isEffective();
  }

  // --- what it is and how it ended

  /**
   * Returns whether this task ended because it was cancelled.
   *
   * @return true once {@link Cancelled} has left its body, or if it was cancelled before it began
   */
  @Override
  public boolean isCancelled() {
    return outcome instanceof Outcome.Cancellation;
  }

  /**
   * Returns whether the body has ended.
   *
   * @return true once it has returned or thrown, or will never begin
   */
  @Override
  public boolean isDone() {
    return outcome != null;
  }

  @Override
  public State state() {
    return switch (outcome) {
      case null -> State.RUNNING;
      case Outcome.Success<T> _ -> State.SUCCESS;
      case Outcome.Failure<T> _ -> State.FAILED;
      case Outcome.Cancellation<T> _ -> State.CANCELLED;
    };
  }

  @Override
  public T resultNow() {
    return switch (outcome) {
      case Outcome.Success<T>(var value) -> value;
      case null -> throw new IllegalStateException(this + " has not ended");
      case Outcome.Failure<T>(var cause) ->
          throw new IllegalStateException(this + " failed: " + cause, cause);
      case Outcome.Cancellation<T>(var cause) ->
          throw new IllegalStateException(this + " was cancelled: " + cause.reason(), cause);
    };
  }

  @Override
  public Throwable exceptionNow() {
    return switch (outcome) {
      case Outcome.Failure<T>(var cause) -> {
        markObserved();
        yield Failures.unwrap(cause);
      }
      case null -> throw new IllegalStateException(this + " has not ended");
      case Outcome.Success<T> _ -> throw new IllegalStateException(this + " has not failed");
      case Outcome.Cancellation<T>(var cause) ->
          throw new IllegalStateException(this + " was cancelled: " + cause.reason(), cause);
    };
  }

  /**
   * Calls {@code callback} once this task has ended: on its loop, as a task of its own; on the
   * calling thread, at once, if the loop has been closed. What the callback throws goes to the
   * loop's exception handler.
   *
   * @param callback given this task
   */
  public void whenDone(Consumer<? super Task<T>> callback) {
    Objects.requireNonNull(callback, "callback must not be null");
    var observer =
        new TaskObserver() {
          @Override
          void taskDone(Task<?> task) {
            kernel.execute(() -> callback.accept(Task.this));
          }
        };
    if (kernel.isOnLoop()) {
      tell(observer);
      return;
    }
    boolean taken =
        kernel.arrive(
            new Arrivals.Arrival() {
              @Override
              void arrive() {
                tell(observer);
              }
            });
    if (!taken) {
      callback.accept(this);
    }
  }

  /**
   * Returns a future that ends as this task does. Completing or cancelling it does not reach this
   * task, and its dependants run as {@link #whenDone} says.
   *
   * @return a new future
   */
  public CompletableFuture<T> toCompletableFuture() {
    var future = new CompletableFuture<T>();
    whenDone(task -> {
      task.markObserved();
      switch (task.ended()) {
        case Outcome.Success<T>(var value) -> future.complete(value);
        case Outcome.Failure<T>(var cause) -> future.completeExceptionally(Failures.unwrap(cause));
        case Outcome.Cancellation<T> _ -> future.completeExceptionally(task.cancellation());
      }
    });
    return future;
  }

  /**
   * Returns the task's name: the one it was given, else "task-" and its {@link #id}.
   *
   * @return the name
   */
  public String name() {
    return givenName == null ? "task-" + id : givenName;
  }

  /**
   * Returns the task's number: 1 for the loop's first task, and so on.
   *
   * @return a number unique in its loop
   */
  public long id() {
    return id;
  }

  /**
   * Returns the loop that runs this task.
   *
   * @return the loop
   */
  public EventLoop loop() {
    return kernel.loop();
  }

  /**
   * Returns the task's name and loop and how far it is, for people.
   *
   * @return a text such as {@code task 'load' of loop 'main' (waiting for sleep)}
   */
  @Override
  public String toString() {
    var waiting = wait; // a racy read, good enough for a text
    String state =
        switch (outcome) {
          case Outcome.Success<T> _ -> "done";
          case Outcome.Failure<T> _ -> "failed";
          case Outcome.Cancellation<T> _ -> "cancelled";
          case null ->
              waiting != null
                  ? "waiting for " + waiting.describe()
                  : start == STARTED ? "running" : "not started";
        };
    return "task '" + name() + "' of loop '" + kernel.loop().name() + "' (" + state + ")";
  }

  // --- the rest is for this package: the task at work, on its loop

  /** The task that the calling thread runs. */
  static Task<?> current(String operation) {
    var task = CarrierEngine.currentTask();
    if (task == null) {
      var thread = Thread.currentThread();
      throw new IllegalStateException(
          operation
              + " must be called inside a task of an event loop, and thread '"
              + (thread.isVirtual() ? thread.toString() : thread.getName())
              + "' runs none: start with Async.run(() -> …), or hand the work to a running loop with"
              + " EventLoop.submit");
    }
    return task;
  }

  Kernel kernel() {
    return kernel;
  }

  TaskThread thread() {
    return thread;
  }

  boolean isRunBy(Thread candidate) {
    return thread.thread() == candidate;
  }

  @Nullable String givenName() {
    return givenName;
  }

  @Nullable Throwable creation() {
    return creation;
  }

  @Override
  Task<?> owner() {
    return this;
  }

  CancelNode innermost() {
    return innermost;
  }

  @Nullable Wait currentWait() {
    return wait;
  }

  boolean isResumed() {
    return phase == Phase.RESUMED;
  }

  boolean isInJdkWait() {
    return phase == Phase.RUNNING;
  }

  boolean canStep() {
    return phase != Phase.SUSPENDED && phase != Phase.DONE;
  }

  void joinGroup(TaskGroup joined) {
    group = joined;
  }

  Outcome<T> ended() {
    return Objects.requireNonNull(outcome);
  }

  void runBody() {
    finish(runToOutcome());
  }

  private Outcome<T> runToOutcome() {
    var callable = Objects.requireNonNull(body);
    body = null;
    boolean startable = START.compareAndSet(this, NOT_STARTED, STARTED);
    if (!startable || (isEffective() && !startsRegardless)) {
      return new Outcome.Cancellation<>(new Cancelled(Objects.requireNonNull(outermostRequest())));
    }
    phase = Phase.RUNNING;
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

  private void finish(Outcome<T> ending) {
    phase = Phase.DONE;
    innermost = this;
    outcome = ending;
    if (group != null) {
      group.childDone(this);
      group = null;
    }
    for (var observer = firstObserver; observer != null; observer = firstObserver) {
      removeObserver(observer);
      observer.taskDone(this);
    }
    if (ending instanceof Outcome.Failure<T>(var cause) && !observed) {
      if (startsRegardless) {
        kernel.unobserved().report(this, cause); // nobody has it, so nobody will look
      } else {
        watched = kernel.unobserved().watch(this, cause);
        if (observed) {
          markObserved(); // by another thread, just now
        }
      }
    }
    kernel.ended(this);
    var waiting = ended;
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  // Suspending and waking

  /**
   * Suspends this task, which is the one that runs, until {@link #wake}. The wait has been
   * registered with whatever will end it.
   *
   * @throws Cancelled if the wait was given up
   */
  void suspend(Wait newWait) {
    wait = newWait;
    phase = Phase.SUSPENDED;
    kernel.suspending(this, newWait);
    boolean unmounted = false;
    try {
      unmounted = thread.suspend();
    } finally {
      if (phase == Phase.SUSPENDED) {
        wake(); // pinned, or the stack overflowed: it never left
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

  /** Ends this task's wait; the task runs again when its turn comes. */
  void wakeUp() {
    if (phase == Phase.SUSPENDED) {
      wake();
      thread.resume();
    }
  }

  private void wake() {
    wait = null;
    phase = Phase.RESUMED;
    kernel.unsuspended();
  }

  /** Lets the others run once, and throws if this task is cancelled. */
  void checkpoint() {
    boolean unmounted = yieldOnce();
    checkCancelledNow();
    if (!unmounted) {
      throw pinned("a checkpoint");
    }
  }

  /** Throws if this task is cancelled where it is now, one turn later. */
  void checkCancelled() {
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

  private void checkCancelledNow() {
    if (innermost.isEffective()) {
      throw cancelled();
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
  Cancelled cancelled() {
    if (interruptedFor != null) {
      var _ = Thread.interrupted(); // it has been told now
    }
    return new Cancelled(Objects.requireNonNull(innermost.outermostRequest()));
  }

  /** Ends this task's wait with an exception that names the ring it closes. */
  void failWith(DeadlockException thrown) {
    if (wait != null && wait.abort()) {
      deadlock = thrown;
      wakeUp();
    }
  }

  // Cancellation

  /** Tells this task that it is cancelled where it is now. */
  void deliverCancel() {
    boolean ahead = interruptedAhead;
    interruptedAhead = false;
    switch (phase) {
      case SUSPENDED -> {
        if (wait != null && wait.abort()) {
          aborted = true;
          wakeUp();
        }
      }
      case RUNNING, RESUMED -> {
        if (!aborted && !ahead) {
          interrupt();
        }
      }
      case CREATED, DONE -> {}
    }
  }

  /**
   * Interrupts this task if it has been cancelled from another thread, and holds its loop, so that
   * the cancel cannot arrive. Called by the watchdog.
   */
  void interruptAhead() {
    var asked = request();
    if (asked != null && interruptedFor == null && !isShielded()) {
      interruptedAhead = true;
      interruptedFor = asked;
      interruptThread();
    }
  }

  private boolean isShielded() {
    for (CancelNode node = innermost; node != null && node != this; node = node.parent()) {
      if (node.isShield()) {
        return true;
      }
    }
    return false;
  }

  private void interrupt() {
    interruptedFor = innermost.outermostRequest();
    interruptThread();
  }

  private void interruptThread() {
    try {
      thread.thread().interrupt();
    } catch (RuntimeException e) {
      // A channel's own close, which the interrupt calls, failed; the wait has been told all the
      // same.
      Log.LOGGER.log(System.Logger.Level.WARNING, "while interrupting " + this, e);
    }
  }

  /** The cancel that {@code thrown} comes from: it says so, or our interrupt caused it. */
  @Nullable CancelRequest cancelThatCaused(Throwable thrown) {
    if (thrown instanceof Cancelled cancelled) {
      return cancelled.request();
    }
    var interrupter = interruptedFor;
    return interrupter != null && Failures.isInterruption(thrown) ? interrupter : null;
  }

  void enter(CancelNode scope) {
    innermost.adopt(scope);
    innermost = scope;
  }

  void leave(CancelNode scope) {
    innermost = Objects.requireNonNull(scope.parent());
    scope.detach();
    if (interruptedFor != null && !innermost.isEffective()) {
      var _ = Thread.interrupted();
      interruptedFor = null;
    }
  }

  /** Takes back an interrupt of ours that no wait has seen yet. */
  boolean takeInterrupt() {
    return interruptedFor != null && Thread.interrupted();
  }

  /** Interrupts this task, which is the one that runs, for the cancel that is in effect. */
  void restoreInterrupt() {
    interrupt();
  }

  private void throwForeignInterrupt() throws InterruptedException {
    if (interruptedFor == null && Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  // Observing

  void addObserver(TaskObserver observer) {
    observer.previous = lastObserver;
    if (lastObserver == null) {
      firstObserver = observer;
    } else {
      lastObserver.next = observer;
    }
    lastObserver = observer;
  }

  void removeObserver(TaskObserver observer) {
    if (observer.previous == null) {
      firstObserver = observer.next;
    } else {
      observer.previous.next = observer.next;
    }
    if (observer.next == null) {
      lastObserver = observer.previous;
    } else {
      observer.next.previous = observer.previous;
    }
    observer.previous = null;
    observer.next = null;
  }

  /** Whether another task may be waiting for this one to end. */
  boolean isWaitedFor() {
    return firstObserver != null || (group != null && group.isJoining());
  }

  private void tell(TaskObserver observer) {
    if (isDone()) {
      observer.taskDone(this);
    } else {
      addObserver(observer);
    }
  }

  void markObserved() {
    observed = true;
    var entry = watched;
    if (entry != null) {
      entry.observe();
      if (kernel.isOnLoop()) {
        kernel.unobserved().forget(entry);
      }
    }
  }

  /** Ends this task from outside, because its loop has broken down and will never run it again. */
  void lose(Throwable fault) {
    if (!isDone()) {
      observed = true;
      outcome =
          new Outcome.Failure<>(
              new IllegalStateException("event loop '" + loop().name() + "' broke down", fault));
      var _ = endedFuture();
    }
  }

  private void waitForEnd(Task<?> waiter) {
    waiter.checkCancelled();
    if (isDone()) {
      return;
    }
    if (waiter.kernel == kernel) {
      var await = new Await(waiter, this);
      kernel.waitGraph().refuseRing(waiter, await);
      addObserver(await);
      waiter.suspend(await);
    } else {
      FutureWait.await(waiter, endedFuture(), toString());
    }
  }

  /** Completed, with nothing, once this task has ended. Any thread. */
  CompletableFuture<@Nullable Void> endedFuture() {
    var future = ended;
    if (future == null) {
      var mine = new CompletableFuture<@Nullable Void>();
      future = ENDED.compareAndSet(this, null, mine) ? mine : Objects.requireNonNull(ended);
    }
    if (isDone()) {
      future.complete(null);
    }
    return future;
  }

  private T valueOrThrow() {
    return switch (ended()) {
      case Outcome.Success<T>(var value) -> value;
      case Outcome.Failure<T>(var cause) -> throw completionException(cause);
      case Outcome.Cancellation<T> _ -> throw cancellation();
    };
  }

  private T valueOrThrowExecution() throws ExecutionException {
    return switch (ended()) {
      case Outcome.Success<T>(var value) -> value;
      case Outcome.Failure<T>(var cause) -> {
        markObserved();
        throw new ExecutionException(Failures.unwrap(cause));
      }
      case Outcome.Cancellation<T> _ -> throw cancellation();
    };
  }

  /** A fresh wrapper around this task's failure. */
  CompletionException completionException(Throwable cause) {
    markObserved();
    var wrapper = Failures.wrap(cause);
    if (creation != null) {
      wrapper.addSuppressed(creation);
    }
    return wrapper;
  }

  /**
   * What an awaiter of this cancelled task gets: not a {@link Cancelled}, which would be its own.
   */
  CancellationException cancellation() {
    var cause = ((Outcome.Cancellation<T>) ended()).cause();
    var exception =
        new CancellationException("task '" + name() + "' was cancelled: " + cause.reason());
    exception.initCause(cause);
    return exception;
  }

  private void refuseToBlockLoop() {
    if (kernel.isOnLoop()) {
      throw new IllegalStateException(
          "the thread of loop '"
              + kernel.loop().name()
              + "' cannot wait for "
              + this
              + ", which it would have to run meanwhile; do this in a task");
    }
  }

  private static String defaultReason() {
    var by = CarrierEngine.currentTask();
    return "cancelled by "
        + (by == null
            ? "thread '" + Thread.currentThread().getName() + "'"
            : "task '" + by.name() + "'");
  }

  /** A wait of one task for another of the same loop. */
  private static final class Await extends TaskObserver implements TaskWait {
    private final Task<?> waiter;
    private final Task<?> target;

    Await(Task<?> waiter, Task<?> target) {
      this.waiter = waiter;
      this.target = target;
    }

    @Override
    void taskDone(Task<?> task) {
      waiter.wakeUp();
    }

    @Override
    public boolean abort() {
      target.removeObserver(this);
      return true;
    }

    @Override
    public String describe() {
      return "task '" + target.name() + "'";
    }

    @Override
    public Task<?> onlyTarget() {
      return target;
    }

    @Override
    public void forEachTarget(Consumer<Task<?>> action) {
      action.accept(target);
    }
  }
}
