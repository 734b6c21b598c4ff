package dev.segue;

import dev.segue.futures.WorkFuture;
import dev.segue.futures.internal.Failures;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
@AnyThread
public abstract class Task<T extends @Nullable Object> extends Coroutine<T>
    implements WorkFuture<T> {
  private static final VarHandle OBSERVERS;
  private static final VarHandle END;

  /** How many observers withdraw before they are unlinked, if few others are left. */
  private static final int FEWEST_WITHDRAWALS = 16;

  static {
    try {
      var lookup = MethodHandles.lookup();
      OBSERVERS = lookup.findVarHandle(Task.class, "observers", TaskObserver.class);
      END = lookup.findVarHandle(Task.class, "end", EndFuture.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long id;
  private final @Nullable String givenName;
  private final @Nullable Throwable creation;

  private volatile @Nullable TaskObserver observers; // the newest first
  private volatile @Nullable EndFuture end;
  private volatile boolean observed;
  private volatile UnobservedFailures.@Nullable Watched watched;

  /** {@link FifoSchedule}'s; null while not in its list. */
  @LoopConfined @Nullable Task<?> nextReady;

  @LoopConfined private AsyncLock.@Nullable Hold held; // the latest first
  @LoopConfined private int withdrawalsLeft = FEWEST_WITHDRAWALS; // until the next sweep

  /** Creates a task, which {@link Kernel#begin} begins. */
  Task(TaskSpec<T> spec) {
    this.id = spec.id();
    this.givenName = spec.name();
    this.creation = spec.creation();
    super(spec);
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
    return requireOutcome();
  }

  /**
   * Waits for this task to end and returns its result. Inside a task the wait is cooperative, as
   * {@link #await}; any other thread blocks.
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
      var current = Engines.currentTask();
      if (current != null) {
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
  @AnyThread(because = "the scope is the calling task's")
  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    Objects.requireNonNull(unit, "unit must not be null");
    if (!isDone()) {
      var current = Engines.currentTask();
      if (current != null) {
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
    return !isDone() && preventStart(() -> CancelRequest.byCall(this, defaultReason()));
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
    kernel().deliverCancel(this);
    return true;
  }

  /**
   * Returns whether this task has been asked to end, by a cancel of its own or of a scope or group
   * that it runs in.
   *
   * @return whether a cancel was requested; true also where the body declined it
   */
  @AnyThread(because = "the answer may be of a moment ago")
  public boolean isCancelRequested() {
    return request() != null || isEffective();
  }

  // --- what it is and how it ended

  /**
   * Returns whether this task ended because it was cancelled.
   *
   * @return true once {@link Cancelled}, or what a library made of the cancel, has left its body,
   *     or if it was cancelled before it began
   */
  @Override
  public boolean isCancelled() {
    return outcomeNow() instanceof Outcome.Cancellation;
  }

  /**
   * Returns whether the body has ended.
   *
   * @return true once it has returned or thrown, or will never begin
   */
  @Override
  public boolean isDone() {
    return outcomeNow() != null;
  }

  @Override
  public State state() {
    return switch (outcomeNow()) {
      case null -> State.RUNNING;
      case Outcome.Success<T> _ -> State.SUCCESS;
      case Outcome.Failure<T> _ -> State.FAILED;
      case Outcome.Cancellation<T> _ -> State.CANCELLED;
    };
  }

  @Override
  public T resultNow() {
    return switch (outcomeNow()) {
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
    return switch (outcomeNow()) {
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
    var body = kernel().callback(() -> callback.accept(this));
    observe(
        new TaskObserver() {
          @Override
          void taskEnded(Task<?> task) {
            if (!kernel().call(body)) {
              try {
                var _ = body.call();
              } catch (Throwable thrown) {
                kernel().unobserved().report(Task.this, thrown);
              }
            }
          }
        });
  }

  /**
   * Calls {@code callback} once this task has ended, as {@link #whenDone(Consumer)}: on its loop,
   * in a task of its own, where it may wait.
   *
   * @param callback called once
   */
  @Override
  public void whenDone(Runnable callback) {
    Objects.requireNonNull(callback, "callback must not be null");
    whenDone(_ -> callback.run());
  }

  /**
   * Returns a stage that ends with null once this task has ended; it never fails.
   *
   * @return the stage; what depends on it may run on the loop's thread, outside any task, and must
   *     be quick
   */
  @Override
  public CompletionStage<@Nullable Void> ended() {
    return endedFuture().minimalCompletionStage();
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
      switch (task.requireOutcome()) {
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
  @Override
  public String name() {
    return name(givenName, id);
  }

  static String name(@Nullable String given, long id) {
    return given == null ? "task-" + id : given;
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
    return kernel().loop();
  }

  /**
   * Returns the stack of the task's code as it is now: where it waits, or runs. Counterpart of
   * {@code asyncio.Task.get_stack}.
   *
   * @return the frames, the innermost first; empty if the body has not begun, or has ended
   */
  public List<StackTraceElement> stack() {
    // The thread of a task that has ended may still pass the loop on to the next.
    return isDone() ? List.of() : List.of(thread().getStackTrace());
  }

  /**
   * Returns a description: the task's name, its loop and its state.
   *
   * @return a text such as {@code task 'load' of loop 'main' (waiting for sleep)}
   */
  @AnyThread(because = "the text may be of a moment ago")
  @Override
  public String toString() {
    var waiting = currentWait();
    String state =
        switch (outcomeNow()) {
          case Outcome.Success<T> _ -> "done";
          case Outcome.Failure<T> _ -> "failed";
          case Outcome.Cancellation<T> _ -> "cancelled";
          case null ->
              waiting != null
                  ? "waiting for " + waiting.describe()
                  : hasStarted() ? "running" : "not started";
        };
    return "task '" + name() + "' of loop '" + kernel().loop().name() + "' (" + state + ")";
  }

  // --- the rest is for this package: the task at work, on its loop

  /** The task that the calling thread runs. */
  static Task<?> current(String operation) {
    var task = Engines.currentTask();
    if (task == null) {
      var thread = Thread.currentThread();
      throw new IllegalStateException(
          operation
              + " must be called inside a task of an event loop, but thread '"
              + (thread.isVirtual() ? thread.toString() : thread.getName())
              + "' is not running one; start with Async.run(() -> …), or pass the work to a"
              + " running loop with EventLoop.submit");
    }
    task.kernel().makeRoom();
    return task;
  }

  @Nullable String givenName() {
    return givenName;
  }

  @Nullable Throwable creation() {
    return creation;
  }

  @Override
  Task<T> self() {
    return this;
  }

  /** Takes each step to the end, whatever the others throw: an {@code OutOfMemoryError}, say. */
  @Override
  @LoopConfined
  void bodyEnded(Outcome<T> outcome) {
    Throwable fault = null;
    for (int step = 0; step < 5; step++) {
      try {
        takeLastStep(step, outcome);
      } catch (Throwable thrown) {
        fault = thrown;
      }
    }
    if (fault != null) {
      throw Failures.<RuntimeException>rethrow(fault);
    }
  }

  /** Each of these can be taken again where memory ran out. */
  @LoopConfined
  private void takeLastStep(int step, Outcome<T> outcome) {
    for (int tries = 1; ; tries++) {
      try {
        switch (step) {
          case 0 -> tellLocks();
          case 1 -> kernel().taskDone(this);
          case 2 -> tellObservers(false);
          case 3 -> watchFailure(outcome);
          default -> kernel().taskLeft(); // last: the loop waits for it
        }
        return;
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  @LoopConfined
  private void tellLocks() {
    for (var hold = held; hold != null; hold = hold.earlier) {
      hold.ownerEnded();
    }
  }

  /** Tells every observer, also where telling one throws; allocates nothing itself. */
  @LoopConfined
  private void tellObservers(boolean lost) {
    Throwable fault = null;
    for (var observer = takeObservers(); observer != null; ) {
      var next = observer.older;
      observer.older = null;
      try {
        tell(observer, lost);
      } catch (Throwable thrown) {
        fault = thrown;
      }
      observer = next;
    }
    if (fault != null) {
      throw Failures.<RuntimeException>rethrow(fault);
    }
  }

  @LoopConfined
  private void tell(TaskObserver observer, boolean lost) {
    for (int tries = 1; !observer.withdrawn; tries++) {
      try {
        if (lost) {
          observer.taskLost(this);
        } else {
          observer.taskEnded(this);
        }
        return;
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  @LoopConfined
  private void watchFailure(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Failure<T>(var cause) && !observed) {
      if (startsRegardless()) {
        kernel().unobserved().report(this, cause); // nobody has it, so nobody will look
      } else {
        watched = kernel().unobserved().watch(this, cause);
        if (observed) {
          markObserved(); // by another thread, just now
        }
      }
    }
  }

  /** Has an observer told when this task ends, or now if it has. */
  @AnyThread(because = "nobody else sees the observer before it has been pushed")
  void observe(TaskObserver observer) {
    while (true) {
      var newest = observers;
      if (newest == TaskObserver.TOLD) {
        observer.taskEnded(this);
        return;
      }
      observer.older = newest;
      if (OBSERVERS.compareAndSet(this, newest, observer)) {
        return;
      }
    }
  }

  /**
   * Takes an observer out, which has not been told. Called on the loop.
   *
   * <p>The newest goes at once. The others are unlinked together once they are many, so that each
   * costs the same however long the list is.
   */
  @LoopConfined
  void withdraw(TaskObserver observer) {
    if (OBSERVERS.compareAndSet(this, observer, observer.older)) {
      return;
    }
    observer.withdrawn = true;
    if (--withdrawalsLeft == 0) {
      withdrawalsLeft = Math.max(FEWEST_WITHDRAWALS, unlinkWithdrawn());
    }
  }

  /** Unlinks those that have withdrawn, but for the newest; returns how many are left. */
  @LoopConfined
  private int unlinkWithdrawn() {
    int left = 0;
    for (var observer = observers; observer != null; observer = observer.older) {
      while (observer.older != null && observer.older.withdrawn) {
        observer.older = observer.older.older;
      }
      left++;
    }
    return left;
  }

  /** Takes all observers, the oldest first. */
  @LoopConfined
  private @Nullable TaskObserver takeObservers() {
    var observer = (TaskObserver) OBSERVERS.getAndSet(this, TaskObserver.TOLD);
    TaskObserver oldest = null;
    while (observer != null && observer != TaskObserver.TOLD) {
      var next = observer.older;
      observer.older = oldest;
      oldest = observer;
      observer = next;
    }
    return oldest;
  }

  /** The newest of those that are told when this task ends; the others are behind it. */
  @LoopConfined
  @Nullable TaskObserver newestObserver() {
    return observers;
  }

  /** The lock that this task has acquired last, with a link to the one before. */
  @LoopConfined
  AsyncLock.@Nullable Hold held() {
    return held;
  }

  @LoopConfined
  void acquired(AsyncLock.Hold hold) {
    hold.earlier = held;
    held = hold;
  }

  @LoopConfined
  void released(AsyncLock.Hold hold) {
    if (held == hold) {
      held = hold.earlier;
      return;
    }
    for (var later = held; later != null; later = later.earlier) {
      if (later.earlier == hold) {
        later.earlier = hold.earlier;
      }
    }
  }

  void markObserved() {
    if (kernel().isLookedAt()) {
      return;
    }
    observed = true;
    var entry = watched;
    if (entry != null) {
      entry.observe();
      if (kernel().isOnLoop()) {
        kernel().unobserved().forget(entry);
      }
    }
  }

  /**
   * Ends this task from outside, because its loop has failed and will never run it again. Throws
   * nothing.
   */
  @LoopConfined
  void lose(Throwable fault) {
    if (isDone()) {
      return;
    }
    Throwable failure;
    try {
      failure = new IllegalStateException("event loop '" + loop().name() + "' failed", fault);
    } catch (Throwable _) { // no memory
      failure = fault;
    }
    try {
      fail(failure);
    } catch (Throwable thrown) {
      Log.error("while ending the tasks of a failed event loop", thrown);
    }
  }

  /** Ends this task, whose body does not run. Whoever calls this sees to the failure. */
  @LoopConfined
  void fail(Throwable failure) {
    observed = true;
    end(failure(failure));
    tellObservers(true);
  }

  @AnyThread(because = "it asks whether the one that waits is of this loop")
  private void waitForEnd(Task<?> waiter) {
    waiter.checkCancelled();
    if (isDone()) {
      return;
    }
    if (waiter.kernel() == kernel()) {
      var await = new Await(waiter, this);
      kernel().waitGraph().refuseRing(waiter, await);
      observe(await);
      waiter.suspend(await);
    } else {
      FutureWait.await(waiter, endedFuture(), toString());
    }
  }

  /** Completed, with nothing, once this task has ended. */
  @AnyThread
  CompletableFuture<@Nullable Void> endedFuture() {
    var observer = end;
    if (observer == null) {
      var mine = new EndFuture();
      observe(mine); // first: what throws here must not leave a future that never ends
      observer = END.compareAndSet(this, null, mine) ? mine : Objects.requireNonNull(end);
    }
    return observer.future;
  }

  /** The end for threads that block, and for other loops. */
  private static final class EndFuture extends TaskObserver {
    private final CompletableFuture<@Nullable Void> future = new CompletableFuture<>();

    @Override
    void taskEnded(Task<?> task) {
      future.complete(null);
    }
  }

  private T valueOrThrow() {
    return switch (requireOutcome()) {
      case Outcome.Success<T>(var value) -> value;
      case Outcome.Failure<T>(var cause) -> throw completionException(cause);
      case Outcome.Cancellation<T> _ -> throw cancellation();
    };
  }

  private T valueOrThrowExecution() throws ExecutionException {
    return switch (requireOutcome()) {
      case Outcome.Success<T>(var value) -> value;
      case Outcome.Failure<T>(var cause) -> {
        markObserved();
        var failure = Failures.unwrap(cause);
        throw new ExecutionException(Failures.describe(failure), failure);
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
    var cause = ((Outcome.Cancellation<T>) requireOutcome()).cause();
    var exception =
        new CancellationException("task '" + name() + "' was cancelled: " + cause.reason());
    exception.initCause(cause);
    return exception;
  }

  private void refuseToBlockLoop() {
    if (kernel().isOnLoop()) {
      throw new IllegalStateException(
          "the thread of loop '"
              + kernel().loop().name()
              + "' cannot wait for "
              + this
              + ", because it is the thread that runs it; do this in a task");
    }
  }

  private static String defaultReason() {
    var by = Engines.currentTask();
    return "cancelled by "
        + (by == null
            ? "thread '" + Thread.currentThread().getName() + "'"
            : "task '" + by.name() + "'");
  }

  /** A wait of one task for another of the same loop. */
  private static final class Await extends TaskObserver.OnLoop implements TaskWait {
    private final Task<?> waiter;
    private final Task<?> target;

    Await(Task<?> waiter, Task<?> target) {
      this.waiter = waiter;
      this.target = target;
    }

    @Override
    void taskEnded(Task<?> task) {
      waiter.wakeUp(this);
    }

    @Override
    Task<?> waiter() {
      return waiter;
    }

    @Override
    public boolean abort() {
      target.withdraw(this);
      return true;
    }

    @Override
    public Kind kind() {
      return Kind.TASK;
    }

    @Override
    public long number() {
      return target.id();
    }

    @Override
    public String describe() {
      return "task '" + target.name() + "'";
    }

    @Override
    public Task<?> onlyTarget() {
      return target;
    }
  }
}
