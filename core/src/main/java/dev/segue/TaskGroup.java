package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that begin and end together: the call that opens a group returns only when every task
 * spawned in it has ended.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="group"}
 *
 * <p>When the body or a task fails, the others are cancelled and waited for, and the call throws:
 * the body's own exception where the body failed, else a {@link
 * java.util.concurrent.CompletionException} around the first task's failure; failures that came
 * later are suppressed in it. A task that is cancelled by itself is no failure. Cancelling the task
 * that opened the group, or a scope around it, cancels the group. Counterpart of {@code
 * asyncio.TaskGroup} and trio's nursery.
 *
 * <p>A lambda, and not a resource of {@code try}, because a {@code close()} cannot see that the
 * body failed.
 */
public final class TaskGroup {
  /**
   * A body without a result that is given its group.
   *
   * @param <X> what the body may throw
   */
  @FunctionalInterface
  public interface GroupAction<X extends Throwable> {
    /**
     * Runs the body.
     *
     * @param group the group, open until every task in it has ended
     * @throws X whatever the body throws
     * @throws InterruptedException if the thread is interrupted
     */
    void run(TaskGroup group) throws X, InterruptedException;
  }

  /**
   * A body with a result that is given its group.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   */
  @FunctionalInterface
  public interface GroupBody<T extends @Nullable Object, X extends Throwable> {
    /**
     * Runs the body.
     *
     * @param group the group, open until every task in it has ended
     * @return the result
     * @throws X whatever the body throws
     * @throws InterruptedException if the thread is interrupted
     */
    T call(TaskGroup group) throws X, InterruptedException;
  }

  /** What ends a group early. */
  enum Policy {
    /** A failure. */
    FAILURE,
    /** A failure, or a task that is cancelled by itself. */
    FAILURE_OR_CANCELLATION,
    /** Nothing. */
    NOTHING
  }

  private final Policy policy;
  private final Task<?> owner;
  private final CancelScope scope = CancelScope.create();
  private final List<Throwable> failures = new ArrayList<>();

  private int children;
  private boolean childCancelled;
  private boolean aborted;
  private boolean closed;
  private @Nullable Join joining;

  private TaskGroup(Policy policy) {
    this.policy = policy;
    this.owner = Task.current("TaskGroup");
  }

  /**
   * Runs a body with a new group and waits for the group's tasks. Called inside a task.
   *
   * @param <X> what the body may throw
   * @param body the body
   * @throws X whatever the body throws, unwrapped
   * @throws java.util.concurrent.CompletionException if a task failed; the cause is the first
   *     failure
   * @throws Cancelled if the group was cancelled from outside
   * @throws IllegalStateException outside a task
   */
  public static <X extends Throwable> void run(GroupAction<X> body) throws X {
    Objects.requireNonNull(body, "body must not be null");
    new TaskGroup(Policy.FAILURE)
        .<@Nullable Object, X>execute(group -> {
          body.run(group);
          return null;
        });
  }

  /**
   * Runs a body with a new group, waits for the group's tasks, and returns the body's result.
   * Called inside a task.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param body the body
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws java.util.concurrent.CompletionException if a task failed; the cause is the first
   *     failure
   * @throws Cancelled if the group was cancelled from outside
   * @throws CancellationException if a cancel of the group's own {@link #scope} ended the body, so
   *     that there is no result
   * @throws IllegalStateException outside a task
   */
  public static <T extends @Nullable Object, X extends Throwable> T call(GroupBody<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body must not be null");
    return call(Policy.FAILURE, body);
  }

  static <T extends @Nullable Object, X extends Throwable> T call(
      Policy policy, GroupBody<T, X> body) throws X {
    var group = new TaskGroup(policy);
    var result = group.<T, X>execute(body);
    if (result == null) {
      throw new CancellationException(
          "the group's scope was cancelled before its body had a result: "
              + Objects.requireNonNull(group.scope.request()).reason());
    }
    return result.value();
  }

  /**
   * Creates a task in this group. Called on the group's loop, by any task.
   *
   * @param <T> the type of the result
   * @param body the task's body
   * @return the task, which starts on a later turn
   * @throws IllegalStateException if the group has failed and is ending, or has ended, or from
   *     another thread or loop
   */
  public <T extends @Nullable Object> Task<T> spawn(Callable<T> body) {
    return spawnNamed(null, Objects.requireNonNull(body, "body must not be null"));
  }

  /**
   * Creates a task without a result in this group; see {@link #spawn(Callable)}.
   *
   * @param body the task's body
   * @return the task, which starts on a later turn
   */
  public Task<@Nullable Void> spawn(Action<? extends Exception> body) {
    return spawnNamed(null, Async.callable(body));
  }

  /**
   * Creates a named task in this group; see {@link #spawn(Callable)}.
   *
   * @param <T> the type of the result
   * @param name the task's name
   * @param body the task's body
   * @return the task, which starts on a later turn
   */
  public <T extends @Nullable Object> Task<T> spawn(String name, Callable<T> body) {
    Objects.requireNonNull(name, "name must not be null");
    return spawnNamed(name, Objects.requireNonNull(body, "body must not be null"));
  }

  /**
   * Creates a named task without a result in this group; see {@link #spawn(Callable)}.
   *
   * @param name the task's name
   * @param body the task's body
   * @return the task, which starts on a later turn
   */
  public Task<@Nullable Void> spawn(String name, Action<? extends Exception> body) {
    Objects.requireNonNull(name, "name must not be null");
    return spawnNamed(name, Async.callable(body));
  }

  /**
   * Returns the scope that the body and the group's tasks run in. Cancelling it ends them all; the
   * group then ends without an exception of its own.
   *
   * @return the scope
   */
  public CancelScope scope() {
    return scope;
  }

  /** A body's result, which may be null. */
  private record Result<T extends @Nullable Object>(T value) {}

  private <T extends @Nullable Object> Task<T> spawnNamed(
      @Nullable String name, Callable<? extends T> body) {
    var kernel = owner.kernel();
    if (!kernel.isOnLoop()) {
      throw new IllegalStateException(
          "a task group can be used only on its own loop '"
              + kernel.loop().name()
              + "'; from elsewhere, submit a task that spawns");
    }
    kernel.makeRoom();
    Task<T> task = kernel.newTask(name, body); // first: the decorator may let others run
    if (closed) {
      throw new IllegalStateException("the task group has ended; spawn before its body returns");
    }
    if (aborted) {
      throw new IllegalStateException(
          Objects.requireNonNull(scope.request()).reason() + "; it takes no more tasks");
    }
    task.observe(new Child());
    kernel.begin(task, scope);
    children++;
    return task;
  }

  /** Runs the body and joins the tasks; null where the group's own cancel ended the body. */
  private <T extends @Nullable Object, X extends Throwable> @Nullable Result<T> execute(
      GroupBody<T, X> body) throws X {
    scope.enter(owner);
    Result<T> result = null;
    Throwable thrown = null;
    CancelRequest cancel = null;
    try {
      result = new Result<>(body.call(this));
    } catch (Throwable t) {
      thrown = t instanceof InterruptedException e ? owner.cancelled(e) : t;
      cancel = owner.cancelThatCaused(thrown); // before the group's own abort interrupts
      abort("its body threw " + Failures.describe(t));
    }
    try {
      join();
    } catch (Throwable t) {
      thrown = t;
      cancel = null;
    }
    boolean ownCancel = cancel != null && cancel.source() == scope;
    closed = true;
    scope.leave(owner);
    if (thrown != null && !ownCancel && !(cancel != null && !failures.isEmpty())) {
      Failures.suppress(thrown, failures);
      throw Failures.<RuntimeException>rethrow(thrown);
    }
    if (!failures.isEmpty()) {
      var failure = firstFailure();
      if (thrown != null) {
        Failures.suppress(failure, List.of(thrown.getSuppressed()));
      }
      throw failure;
    }
    if (thrown != null) {
      Interruptions.log(owner, Objects.requireNonNull(cancel), thrown);
      CancelScope.reportSuppressed(owner, thrown);
    }
    if (childCancelled && owner.innermost().isEffective()) {
      throw owner.cancelled();
    }
    return result;
  }

  private RuntimeException firstFailure() {
    var first = failures.getFirst();
    RuntimeException wrapper =
        first instanceof CancellationException cancelled ? cancelled : Failures.wrap(first);
    Failures.suppress(wrapper, failures);
    return wrapper;
  }

  /** Waits until no task is left; cancels them, and throws, if that could never happen. */
  private void join() {
    if (children == 0) {
      return;
    }
    var wait = new Join();
    DeadlockException deadlock = null;
    try {
      if (!aborted) {
        owner.kernel().waitGraph().refuseRing(owner, wait);
      }
    } catch (DeadlockException e) {
      deadlock = e;
      abort("its tasks wait for the group");
    }
    joining = wait;
    try {
      suspend(wait);
    } catch (Throwable t) {
      abort("it cannot be waited for");
      throw t;
    } finally {
      joining = null;
    }
    if (deadlock != null) {
      throw deadlock;
    }
  }

  /** Tries again where there is no memory to suspend the owner: the tasks must not outlive it. */
  private void suspend(Join wait) {
    for (int tries = 1; children > 0; tries++) {
      try {
        owner.suspend(wait);
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  /** Told of the end of one of the group's tasks. */
  private final class Child extends TaskObserver.OnLoop {
    @Override
    void taskEnded(Task<?> task) {
      childEnded(task);
    }

    @Override
    @Nullable Task<?> waiter() {
      return joining == null ? null : owner;
    }
  }

  private void childEnded(Task<?> child) {
    switch (child.requireOutcome()) {
      case Outcome.Failure<?>(var cause) -> {
        if (policy != Policy.NOTHING) {
          child.markObserved();
          fail(child, cause);
        }
      }
      case Outcome.Cancellation<?>(var cause) -> {
        childCancelled = true;
        boolean byItself = cause.request() != null && cause.request().source() == child;
        if (byItself && policy == Policy.FAILURE_OR_CANCELLATION) {
          fail(child, child.cancellation());
        }
      }
      case Outcome.Success<?> _ -> {}
    }
    children--;
    if (joining != null && children == 0) {
      owner.wakeUp(joining);
    }
  }

  /** Changes nothing where memory runs out: the task's end is then told once more. */
  private void fail(Task<?> child, Throwable failure) {
    if (aborted) {
      failures.add(failure);
      return;
    }
    var request =
        request(
            "task '"
                + child.name()
                + (child.isCancelled()
                    ? "' was cancelled"
                    : "' failed with " + Failures.describe(failure)));
    failures.add(failure);
    abort(request);
  }

  private CancelRequest request(String reason) {
    return new CancelRequest(scope, "the task group is ending: " + reason, null);
  }

  private void abort(String reason) {
    if (!aborted) {
      abort(request(reason));
    }
  }

  private void abort(CancelRequest request) {
    aborted = true;
    scope.offerRequest(request);
    if (!scope.isEffective()) { // else they have been told already
      scope.deliver();
    }
  }

  /** The owner's wait for the group's tasks, which a cancel does not end: it ends the tasks. */
  private final class Join implements TaskWait {
    @Override
    public boolean abort() {
      return false;
    }

    @Override
    public Kind kind() {
      return Kind.GROUP;
    }

    @Override
    public String describe() {
      return children + " task(s) of a group";
    }

    @Override
    public @Nullable Task<?> onlyTarget() {
      return null;
    }

    @Override
    public void visitTargets(Predicate<Task<?>> visitor) {
      scope.visitChildTasks(visitor);
    }

    @Override
    public boolean isFor(Task<?> task) {
      return task.parent() == scope;
    }
  }
}
