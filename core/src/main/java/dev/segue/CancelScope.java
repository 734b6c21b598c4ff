package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a task's code that can be cancelled as one, by a call or by a deadline, together
 * with the task groups opened in it.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="scope"}
 *
 * <p>Once the scope is cancelled, every Segue wait in it throws {@link Cancelled}, each at the cost
 * of one turn of the loop, and the scope absorbs that exception where it leaves the body. Scopes
 * nest; each absorbs only its own cancel. A JDK wait gets one interrupt for each cancel; an
 * interrupt that nobody has seen by the end of the scope is cleared. The rules are those of trio's
 * {@code CancelScope}.
 *
 * <p>A library may wrap the exception of a cancel, or throw one of its own in its place. That
 * counts as the cancel if {@code Cancelled} or the JDK's interruption is among its causes, or if
 * the cancel's interrupt met a JDK wait and the thread's flag is set when the exception leaves the
 * body. What has been absorbed in that way is logged at {@code DEBUG}. An {@link Error} is never
 * absorbed.
 *
 * <p>A scope is entered once, inside a task.
 */
@LoopConfined
public final class CancelScope extends CancelNode {
  private boolean shielded;
  private volatile @Nullable Task<?> owner;

  private Duration limit;
  private @Nullable Deadline deadline;
  private @Nullable Throwable absorbed;
  private boolean left;
  private boolean cancelledOutsideAtEntry;
  private Coroutine.@Nullable Interrupted interruptedOutside;

  private CancelScope(Duration limit) {
    this.limit = limit;
  }

  /**
   * Creates a scope without a deadline.
   *
   * @return a scope, to be entered once
   */
  @AnyThread
  public static CancelScope create() {
    return new CancelScope(Duration.ofSeconds(Long.MAX_VALUE));
  }

  /**
   * Creates a scope that cancels itself some time after it has been entered.
   *
   * @param timeout the time from entry; at the first wait if it is zero or negative
   * @return a scope, to be entered once
   */
  @AnyThread
  public static CancelScope within(Duration timeout) {
    return new CancelScope(Objects.requireNonNull(timeout, "timeout must not be null"));
  }

  /**
   * Makes this scope a shield: a cancel from outside does not reach into it. Its own cancel and
   * deadline do.
   *
   * @return this scope
   * @throws IllegalStateException if the scope has been entered
   */
  public CancelScope shielded() {
    if (owner != null) {
      throw new IllegalStateException(
          "a scope can be shielded only before it is entered; nest a shielded scope instead");
    }
    shielded = true;
    return this;
  }

  /**
   * Runs a body in this scope. Called inside a task.
   *
   * @param <X> what the body may throw
   * @param body the body
   * @return whether the body came to its end; false if this scope's own cancel ended it
   * @throws X whatever the body throws, unwrapped
   * @throws Cancelled if the body was cancelled from outside this scope
   * @throws IllegalStateException outside a task, or if the scope was entered before
   */
  public <X extends Throwable> boolean run(Action<X> body) throws X {
    this.<@Nullable Object, X>within("CancelScope.run", Async.body(body));
    return !reportAbsorbed();
  }

  /**
   * Runs a body in this scope and returns its result. Called inside a task.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param body the body
   * @return the result; empty if this scope's own cancel ended the body (or if the result is null)
   * @throws X whatever the body throws, unwrapped
   * @throws Cancelled if the body was cancelled from outside this scope
   * @throws IllegalStateException outside a task, or if the scope was entered before
   */
  public <T, X extends Throwable> Optional<T> call(Body<T, X> body) throws X {
    Objects.requireNonNull(body, "body must not be null");
    var result = within("CancelScope.call", body);
    reportAbsorbed();
    return Optional.ofNullable(result);
  }

  /**
   * Cancels this scope. Any thread; before the scope is entered, too. Another call only repeats the
   * interrupt to a JDK wait.
   *
   * @param reason what {@link Cancelled#reason()} will say; the first of several wins
   */
  @AnyThread
  public void cancel(String reason) {
    Objects.requireNonNull(reason, "reason must not be null");
    if (request() == null) {
      offerRequest(CancelRequest.byCall(this, reason));
    }
    var task = owner;
    if (task != null) {
      task.kernel().deliverCancel(this);
    }
  }

  /**
   * Moves the deadline.
   *
   * @param fromNow the time from now, or from entry if the scope has not been entered
   * @throws IllegalStateException if the scope has been cancelled or left, or from another loop or
   *     thread than its own
   */
  public void reschedule(Duration fromNow) {
    Deadlines.nanos(fromNow, "fromNow");
    if (request() != null) {
      throw new IllegalStateException(
          "the scope has been cancelled (" + request().reason() + "); its deadline cannot move");
    }
    var task = owner;
    if (task == null) {
      limit = fromNow;
      return;
    }
    if (left) {
      throw new IllegalStateException("the scope has ended, so its deadline cannot move");
    }
    requireLoop(task);
    if (deadline != null && !deadline.move()) {
      throw new IllegalStateException(
          "the time-out of " + limit + " has just expired; its deadline cannot move");
    }
    disarm(task);
    limit = fromNow;
    arm(task);
  }

  /**
   * Returns the time left until the deadline. Once the scope is entered, called on its loop.
   *
   * @return the time left, zero if the deadline has passed; empty if there is none
   * @throws IllegalStateException if the scope has been entered, and this is called elsewhere
   */
  public Optional<Duration> remaining() {
    long nanos = Deadlines.nanos(limit, "limit");
    if (nanos == Long.MAX_VALUE) {
      return Optional.empty();
    }
    var task = owner;
    requireLoop(task);
    var due = deadline;
    return Optional.of(
        task == null || due == null
            ? Duration.ofNanos(nanos)
            : Duration.ofNanos(Math.max(0, due.deadline - task.kernel().clock().nanoTime())));
  }

  /**
   * Returns whether this scope has been cancelled, by a call or by its deadline. Any thread.
   *
   * @return whether it has; not affected by a cancel of something around it
   */
  @AnyThread
  public boolean isCancelRequested() {
    return request() != null;
  }

  // --- for this package

  /** Runs a body in this scope; null where its own cancel ended it, see {@link #absorbed}. */
  <T extends @Nullable Object, X extends Throwable> @Nullable T within(
      String operation, Body<T, X> body) throws X {
    var task = Task.current(operation);
    enter(task);
    try {
      return body.call();
    } catch (Throwable thrown) {
      var cancel = task.cancelThatCaused(thrown);
      if (cancel == null || cancel.source() != this) {
        throw thrown;
      }
      absorbed = thrown;
      return null;
    } finally {
      leave(task);
      if (absorbed != null) {
        Interruptions.log(
            task, Objects.requireNonNull(request()), absorbed); // without the interrupt
      }
    }
  }

  /** As {@link #within(String, Body)}, with an exception where the deadline ended the body. */
  @SuppressWarnings("NullAway") // what is returned is the body's result, null or not
  <T extends @Nullable Object, X extends Throwable> T withinOrTimeout(Body<T, X> body)
      throws X, TimeoutException {
    var result = within("Async.timeout", body);
    if (absorbed != null) {
      var timeout = new TimeoutException("not finished within " + limit);
      timeout.initCause(absorbed);
      throw timeout;
    }
    return result;
  }

  /**
   * Gives what was suppressed in the absorbed exception (a resource that failed to close) to the
   * exception handler, as nobody will see that exception.
   *
   * @return whether one was absorbed
   */
  private boolean reportAbsorbed() {
    if (absorbed == null) {
      return false;
    }
    reportSuppressed(Objects.requireNonNull(owner), absorbed);
    return true;
  }

  static void reportSuppressed(Task<?> task, Throwable absorbed) {
    for (var failure : absorbed.getSuppressed()) {
      task.kernel().unobserved().report(task, failure);
    }
  }

  void enter(Task<?> task) {
    if (owner != null) {
      throw new IllegalStateException("a scope can be entered only once; create one for each use");
    }
    owner = task;
    task.enter(this);
    try {
      if (shielded) {
        interruptedOutside = task.putInterruptAside();
        cancelledOutsideAtEntry = Objects.requireNonNull(parent()).isEffective();
      }
      if (request() != null) {
        task.deliverCancel(); // it was cancelled before
      }
      arm(task);
    } catch (Throwable thrown) { // by the clock, say
      leave(task);
      throw thrown;
    }
  }

  void leave(Task<?> task) {
    left = true;
    disarm(task);
    task.leave(this);
    if (shielded) {
      boolean interrupted = task.putInterruptBack(interruptedOutside);
      if (task.innermost().isEffective() && (interrupted || !cancelledOutsideAtEntry)) {
        task.interruptAgain();
      }
    }
  }

  boolean hasDeadline() {
    return deadline != null && deadline.deadline != Long.MAX_VALUE;
  }

  /** Cancels the scope, to be delivered later, if its time-out has expired. */
  @AnyThread(because = "of the handshake of EarlyInterrupt")
  void expireIfDue(long now) {
    var timer = deadline;
    if (timer != null && timer.deadline <= now && !left) {
      timer.offer();
    }
  }

  @Override
  @Nullable Task<?> owner() {
    return owner;
  }

  @Override
  boolean isShield() {
    return shielded;
  }

  private static void requireLoop(@Nullable Task<?> task) {
    if (task != null && !task.kernel().isOnLoop()) {
      throw new IllegalStateException(
          "once a scope has been entered, its deadline can be read and moved only on its loop '"
              + task.loop().name()
              + "'");
    }
  }

  private void arm(Task<?> task) {
    long nanos = Deadlines.nanos(limit, "limit");
    if (nanos == Long.MAX_VALUE) {
      deadline = null;
      return;
    }
    if (nanos == 0) {
      deadline = new Deadline(task.kernel().clock().nanoTime());
      deadline.fire();
      return;
    }
    deadline = new Deadline(Deadlines.deadline(task.kernel().clock().nanoTime(), nanos));
    task.kernel().timers().add(deadline);
  }

  private void disarm(Task<?> task) {
    if (deadline != null) {
      task.kernel().timers().remove(deadline);
    }
  }

  /** The timer that cancels the scope. */
  private final class Deadline extends Timer {
    private static final VarHandle STATE;
    private static final byte AHEAD = 0;
    private static final byte EXPIRED = 1;
    private static final byte MOVED = 2;

    static {
      try {
        STATE = MethodHandles.lookup().findVarHandle(Deadline.class, "state", byte.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private volatile byte state = AHEAD; // leaves that once: the watchdog may offer while it moves

    Deadline(long deadline) {
      super(deadline);
    }

    @Override
    void fire() {
      offer();
      deliver();
    }

    void offer() {
      if (STATE.compareAndSet(this, AHEAD, EXPIRED) || state == EXPIRED) {
        offerRequest(
            new CancelRequest(CancelScope.this, "the time-out of " + limit + " has expired", null));
      }
    }

    /** Sees to it that this cancels nothing any more; false if it has done so. */
    boolean move() {
      return STATE.compareAndSet(this, AHEAD, MOVED);
    }
  }
}
