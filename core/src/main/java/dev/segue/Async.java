package dev.segue;

import dev.segue.futures.ReturnWhen;
import dev.segue.futures.SerializableCallable;
import dev.segue.futures.SerializableRunnable;
import dev.segue.futures.WaitResult;
import dev.segue.futures.WorkFuture;
import dev.segue.futures.internal.Deadlines;
import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a program that runs on an event loop.
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="async"}
 *
 * <p>{@link #run} begins; everything else is called inside a task and throws {@link
 * IllegalStateException} elsewhere. Each function that waits throws {@link Cancelled} where its
 * task, or a scope it is in, is cancelled; it then costs one turn of the loop and has done nothing
 * else. It throws {@link IllegalStateException} where the task's thread cannot be unmounted, as in
 * a class initializer, rather than stop the loop. Waits ignore a thread's interrupt flag, as {@link
 * CompletableFuture#join} does: the flag stays, for the next JDK wait. Counterpart of the functions
 * of Python's module {@code asyncio}.
 */
public final class Async {
  private Async() {}

  // --- entry

  /**
   * Runs a body as the main task of a new event loop, and returns its result once the loop has
   * ended; see {@link EventLoop#run(Body)}.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param main the body; it runs on the loop's own thread, not the caller's
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws Cancelled if the main task was cancelled, as by an interrupt of the caller
   * @throws IllegalStateException inside a task, or where this JVM does not allow the engine
   */
  public static <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> main) throws X {
    Objects.requireNonNull(main, "main must not be null");
    return EventLoop.builder().build().runOnce(main);
  }

  /**
   * Runs a body without a result as the main task of a new event loop; see {@link #run(Body)}.
   *
   * @param <X> what the body may throw
   * @param main the body
   * @throws X whatever the body throws, unwrapped
   */
  public static <X extends Throwable> void run(Action<X> main) throws X {
    Async.<@Nullable Object, X>run(body(main));
  }

  /**
   * Returns the loop that runs the current task.
   *
   * @return the loop
   * @throws IllegalStateException outside a task
   */
  public static EventLoop currentLoop() {
    return Task.current("Async.currentLoop").loop();
  }

  // --- tasks

  /**
   * Creates a task, which starts on a later turn of the loop. The loop holds it until it has ended.
   *
   * @param <T> the type of the result
   * @param body the task's body
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> createTask(Callable<T> body) {
    return spawn(null, Objects.requireNonNull(body, "body must not be null"));
  }

  /**
   * Creates a task without a result; see {@link #createTask(Callable)}.
   *
   * @param body the task's body
   * @return the task
   */
  public static Task<@Nullable Void> createTask(Action<? extends Exception> body) {
    return spawn(null, callable(body));
  }

  /**
   * Creates a named task; see {@link #createTask(Callable)}.
   *
   * @param <T> the type of the result
   * @param name the task's name
   * @param body the task's body
   * @return the task
   */
  public static <T extends @Nullable Object> Task<T> createTask(String name, Callable<T> body) {
    Objects.requireNonNull(name, "name must not be null");
    return spawn(name, Objects.requireNonNull(body, "body must not be null"));
  }

  /**
   * Creates a named task without a result; see {@link #createTask(Callable)}.
   *
   * @param name the task's name
   * @param body the task's body
   * @return the task
   */
  public static Task<@Nullable Void> createTask(String name, Action<? extends Exception> body) {
    Objects.requireNonNull(name, "name must not be null");
    return spawn(name, callable(body));
  }

  private static <T extends @Nullable Object> Task<T> spawn(
      @Nullable String name, Callable<T> body) {
    return Task.current("Async.createTask").kernel().spawn(name, body);
  }

  /**
   * Returns the task that calls.
   *
   * @return the task
   */
  public static Task<?> currentTask() {
    return Task.current("Async.currentTask");
  }

  /**
   * Returns the tasks of the current loop that have not ended, the calling one included.
   *
   * @return a new set
   */
  public static Set<Task<?>> allTasks() {
    return Task.current("Async.allTasks").kernel().allTasks();
  }

  // --- waits

  /**
   * Waits for a while.
   *
   * @param duration for how long; zero or negative for one turn of the loop, as {@link
   *     #checkpoint}; 292 years or more for ever
   */
  public static void sleep(Duration duration) {
    long nanos = Deadlines.nanos(duration, "duration");
    var task = Task.current("Async.sleep");
    if (nanos == 0) {
      task.checkpoint();
    } else {
      Sleep.in(task, nanos);
    }
  }

  /** Lets each task that is ready run once: one turn of the loop. Python's {@code sleep(0)}. */
  public static void checkpoint() {
    Task.current("Async.checkpoint").checkpoint();
  }

  /**
   * Waits for a future to end, on whatever thread, and returns its value. Being cancelled while
   * waiting does not cancel the future.
   *
   * @param <T> the type of the value
   * @param future the future
   * @return the value
   * @throws CompletionException if the future failed; the cause is its failure
   * @throws CancellationException if the future was cancelled
   */
  public static <T extends @Nullable Object> T await(CompletableFuture<? extends T> future) {
    Objects.requireNonNull(future, "future must not be null");
    return FutureWait.await(Task.current("Async.await"), future, "a CompletableFuture");
  }

  /**
   * Waits for a stage to end, on whatever thread, and returns its value; see {@link
   * #await(CompletableFuture)}.
   *
   * @param <T> the type of the value
   * @param stage the stage
   * @return the value
   */
  public static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage) {
    Objects.requireNonNull(stage, "stage must not be null");
    return FutureWait.await(Task.current("Async.await"), stage, "a CompletionStage");
  }

  /**
   * Waits for a future of any kind to end and returns its value; see {@link
   * #await(CompletableFuture)}. A {@link dev.segue.futures.WorkFuture}, such as a {@link Task}, or
   * a {@link CompletionStage} is waited for directly, another future by a helper thread that blocks
   * in its {@code get}.
   *
   * @param <T> the type of the value
   * @param future the future
   * @return the value
   */
  public static <T extends @Nullable Object> T await(Future<? extends T> future) {
    Objects.requireNonNull(future, "future must not be null");
    var task = Task.current("Async.await");
    return switch (future) {
      case Task<? extends T> other -> other.await();
      case CompletionStage<?> stage -> {
        @SuppressWarnings("unchecked") // a future's value is what it ends with as a stage
        var typed = (CompletionStage<? extends T>) stage;
        yield FutureWait.await(task, typed, "a " + future.getClass().getSimpleName());
      }
      default -> FutureWait.await(task, future);
    };
  }

  // --- many

  /**
   * Runs bodies as concurrent tasks and returns their results in the order of the arguments.
   *
   * {@snippet class="dev.segue.snippets.SnippetsTest" region="gather"}
   *
   * <p>When one fails, or is cancelled by itself, the others are cancelled and waited for, and this
   * throws. (Python's {@code gather} leaves them running.) Cancelling the calling task cancels them
   * all.
   *
   * @param <T> the type of the results
   * @param bodies the bodies; for none, the result is empty
   * @return the results, an unmodifiable list
   * @throws CompletionException if a body failed; the cause is the first failure, later ones are
   *     suppressed
   * @throws CancellationException if a body's task was cancelled by itself
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // asList only reads
  public static <T extends @Nullable Object> List<T> gather(Callable<? extends T>... bodies) {
    return gather(Arrays.asList(Objects.requireNonNull(bodies, "bodies must not be null")));
  }

  /**
   * Runs bodies without a result as concurrent tasks and waits for all; see {@link
   * #gather(Callable...)}.
   *
   * @param bodies the bodies
   */
  @SafeVarargs
  public static void gather(Action<? extends Exception>... bodies) {
    Objects.requireNonNull(bodies, "bodies must not be null");
    var callables = new ArrayList<Callable<@Nullable Void>>(bodies.length);
    for (var body : bodies) {
      callables.add(callable(body));
    }
    gather(callables);
  }

  /**
   * Runs bodies as concurrent tasks and returns their results in the collection's order; see {@link
   * #gather(Callable...)}.
   *
   * @param <T> the type of the results
   * @param bodies the bodies; the same one twice runs twice
   * @return the results, an unmodifiable list
   */
  public static <T extends @Nullable Object> List<T> gather(
      Collection<? extends Callable<? extends T>> bodies) {
    return results(
        Async.<T>runTogether("Async.gather", bodies, TaskGroup.Policy.FAILURE_OR_CANCELLATION));
  }

  /**
   * Runs bodies as concurrent tasks and returns how each ended, in the collection's order. A
   * failure cancels nothing.
   *
   * @param <T> the type of the results
   * @param bodies the bodies; the same one twice runs twice
   * @return the outcomes, an unmodifiable list
   */
  public static <T extends @Nullable Object> List<Outcome<T>> gatherOutcomes(
      Collection<? extends Callable<? extends T>> bodies) {
    return Async.<T>runTogether("Async.gatherOutcomes", bodies, TaskGroup.Policy.NOTHING).stream()
        .map(task -> {
          task.markObserved();
          return task.requireOutcome();
        })
        .toList();
  }

  /**
   * Applies a function to items in concurrent tasks, a limited number at a time, and returns the
   * results in the items' order. Fails as {@link #gather(Callable...)}; items not begun by then are
   * not begun.
   *
   * @param <A> the type of the items
   * @param <R> the type of the results
   * @param items the items
   * @param limit how many at a time, at least 1
   * @param function the function
   * @return the results, an unmodifiable list
   * @throws IllegalArgumentException if {@code limit} is less than 1
   */
  public static <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
      Collection<? extends A> items, int limit, ThrowingFunction<? super A, ? extends R> function) {
    Objects.requireNonNull(items, "items must not be null");
    Objects.requireNonNull(function, "function must not be null");
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, and is " + limit);
    }
    var todo = new ArrayList<A>(items);
    var results = new ArrayList<@Nullable R>(Collections.nCopies(todo.size(), null));
    var next = new int[1]; // confined to the loop
    Callable<@Nullable Void> worker =
        () -> {
          while (next[0] < todo.size()) {
            int index = next[0]++;
            results.set(index, function.apply(todo.get(index)));
          }
          return null;
        };
    runTogether(
        "Async.map",
        Collections.nCopies(Math.min(limit, todo.size()), worker),
        TaskGroup.Policy.FAILURE_OR_CANCELLATION);
    @SuppressWarnings({"unchecked", "NullAway"}) // every slot has its R now
    var all = (List<R>) results;
    return Collections.unmodifiableList(all);
  }

  private static <T extends @Nullable Object> List<Task<T>> runTogether(
      String operation,
      Collection<? extends Callable<? extends T>> bodies,
      TaskGroup.Policy policy) {
    Objects.requireNonNull(bodies, "bodies must not be null");
    for (var body : bodies) {
      Objects.requireNonNull(body, "bodies must not contain null");
    }
    Task.current(operation).checkCancelled();
    return TaskGroup.<List<Task<T>>, RuntimeException>call(
        policy,
        group -> {
          var tasks = new ArrayList<Task<T>>(bodies.size());
          for (var body : bodies) {
            tasks.add(group.spawn(body::call));
          }
          return tasks;
        });
  }

  private static <T extends @Nullable Object> List<T> results(List<Task<T>> tasks) {
    var results = new ArrayList<T>(tasks.size());
    for (var task : tasks) {
      results.add(task.resultNow());
    }
    return Collections.unmodifiableList(results);
  }

  /**
   * Waits until some of the given tasks have ended. Cancels none of them, whatever happens.
   *
   * @param <T> the type of the tasks' results
   * @param tasks tasks of this loop; one that is given twice counts once; for none, the answer is
   *     empty at once
   * @param when what to wait for
   * @return those that have ended, and the others
   * @throws IllegalArgumentException if a task belongs to another loop
   */
  public static <T extends @Nullable Object> WaitResult<Task<T>> waitFor(
      Collection<Task<T>> tasks, ReturnWhen when) {
    return waitFor(tasks, when, Duration.ofSeconds(Long.MAX_VALUE));
  }

  /**
   * Waits as {@link #waitFor(Collection, ReturnWhen)}, for a limited time; running out of time is
   * no error.
   *
   * @param <T> the type of the tasks' results
   * @param tasks tasks of this loop
   * @param when what to wait for
   * @param timeout for how long; zero or negative for one look
   * @return those that have ended, and the others
   */
  public static <T extends @Nullable Object> WaitResult<Task<T>> waitFor(
      Collection<Task<T>> tasks, ReturnWhen when, Duration timeout) {
    Objects.requireNonNull(when, "when must not be null");
    long nanos = Deadlines.nanos(timeout, "timeout");
    var own = ownTasks("Async.waitFor", tasks);
    var waiter = Task.current("Async.waitFor");
    waiter.checkCancelled();
    try (var ends = new TaskEnds<>(waiter, own)) {
      return ends.waitFor(when, Deadlines.deadline(waiter.kernel().clock().nanoTime(), nanos));
    }
  }

  /**
   * Returns the given tasks as they end, the first to end first. Each step of the iteration waits
   * for the next one, and cancels none of them.
   *
   * @param <T> the type of the tasks' results
   * @param tasks tasks of this loop; one that is given twice comes once
   * @return the tasks, in the order in which they end; iterate it inside a task
   * @throws IllegalArgumentException if a task belongs to another loop
   */
  public static <T extends @Nullable Object> Iterable<Task<T>> asCompleted(
      Collection<Task<T>> tasks) {
    var own = ownTasks("Async.asCompleted", tasks);
    return () -> new TaskEnds<>(Task.current("Async.asCompleted"), own).iterator();
  }

  private static <T extends @Nullable Object> Set<Task<T>> ownTasks(
      String operation, Collection<Task<T>> tasks) {
    Objects.requireNonNull(tasks, "tasks must not be null");
    var kernel = Task.current(operation).kernel();
    for (var task : tasks) {
      Objects.requireNonNull(task, "tasks must not contain null");
      if (task.kernel() != kernel) {
        throw new IllegalArgumentException(
            operation
                + " was called on loop '"
                + kernel.loop().name()
                + "' with "
                + task
                + ", which belongs to another loop; await that task on its own, or use Futures");
      }
    }
    return new LinkedHashSet<>(tasks);
  }

  // --- cancellation

  /**
   * Runs a body for a limited time, in the calling task.
   *
   * {@snippet class="dev.segue.snippets.SnippetsTest" region="timeout"}
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param limit the time; at the body's first wait if it is zero or negative
   * @param body the body
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws TimeoutException if the time was up, and the body let itself be cancelled; the cause is
   *     what left the body, which may be what a library made of the cancel, see {@link CancelScope}
   */
  public static <T extends @Nullable Object, X extends Throwable> T timeout(
      Duration limit, Body<T, X> body) throws X, TimeoutException {
    Objects.requireNonNull(limit, "limit must not be null");
    Objects.requireNonNull(body, "body must not be null");
    return CancelScope.within(limit).withinOrTimeout(body);
  }

  /**
   * Runs a body without a result for a limited time; see {@link #timeout(Duration, Body)}.
   *
   * @param <X> what the body may throw
   * @param limit the time
   * @param body the body
   * @throws X whatever the body throws, unwrapped
   * @throws TimeoutException if the time was up, and the body let itself be cancelled
   */
  public static <X extends Throwable> void timeout(Duration limit, Action<X> body)
      throws X, TimeoutException {
    Async.<@Nullable Object, X>timeout(limit, body(body));
  }

  /**
   * Runs a body, in the calling task, that a cancel from outside does not reach. What the cancel
   * would have ended, ends after it.
   *
   * {@snippet class="dev.segue.snippets.SnippetsTest" region="shield"}
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param body the body
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   */
  @SuppressWarnings("NullAway") // nobody can cancel this scope, so a null is the body's own
  public static <T extends @Nullable Object, X extends Throwable> T shield(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body must not be null");
    return CancelScope.create().shielded().within("Async.shield", body);
  }

  /**
   * Runs a body without a result that a cancel from outside does not reach; see {@link
   * #shield(Body)}.
   *
   * @param <X> what the body may throw
   * @param body the body
   * @throws X whatever the body throws, unwrapped
   */
  public static <X extends Throwable> void shield(Action<X> body) throws X {
    Async.<@Nullable Object, X>shield(body(body));
  }

  /**
   * Runs a body that relies on no other task running meanwhile, and checks that.
   *
   * <p>Between two waits that holds by itself, but a contended {@code synchronized}, a {@code
   * println} or a {@code computeIfAbsent} may be a wait, too.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param body the body
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws IllegalStateException if the body let another task run
   */
  public static <T extends @Nullable Object, X extends Throwable> T uninterleaved(Body<T, X> body)
      throws X {
    Objects.requireNonNull(body, "body must not be null");
    var task = Task.current("Async.uninterleaved");
    long before = task.kernel().steps();
    var result = body.call();
    if (task.kernel().steps() != before) {
      throw new IllegalStateException(
          "task '"
              + task.name()
              + "' waited inside Async.uninterleaved, so other tasks may have run in the middle"
              + " of it; move the wait out, or use an AsyncLock");
    }
    return result;
  }

  /**
   * Runs a body without a result that must not be interleaved; see {@link #uninterleaved(Body)}.
   *
   * @param <X> what the body may throw
   * @param body the body
   * @throws X whatever the body throws, unwrapped
   */
  public static <X extends Throwable> void uninterleaved(Action<X> body) throws X {
    Async.<@Nullable Object, X>uninterleaved(body(body));
  }

  // --- off the loop

  /**
   * Runs a body on a platform thread of the loop's own pool and waits for it: for calls that would
   * hold the loop, such as reading files or pipes, looking up names, computing.
   *
   * <p>Cancelling the calling task interrupts the body and waits for it to end; what an interrupt
   * does not end runs to its end. A body still queued then never begins.
   *
   * @param <T> the result
   * @param body the body; it runs outside the loop, at the same time as the loop's tasks
   * @return what the body returned, also where a cancel came too late to stop it
   * @throws CompletionException if the body failed; the cause is what it threw
   */
  public static <T extends @Nullable Object> T toThread(Callable<T> body) {
    Objects.requireNonNull(body, "body must not be null");
    var task = Task.current("Async.toThread");
    var kernel = task.kernel();
    return Work.run(task, kernel.workers(), kernel.decorate(body));
  }

  /**
   * Runs a body without a result on a platform thread; see {@link #toThread(Callable)}.
   *
   * @param body the body
   */
  public static void toThread(Action<? extends Exception> body) {
    toThread(callable(body));
  }

  /**
   * Runs a body on an executor and waits for it. Cancelling works as for {@link
   * #toThread(Callable)}, whatever the executor.
   *
   * <p>The body can be sent elsewhere, as the process pool does, if it is serializable. Cancelling
   * the calling task then cancels the executor's {@link WorkFuture}, and waits until the work has
   * ended.
   *
   * @param <T> the result
   * @param executor the executor; nothing is done to it beyond {@code submit}
   * @param body the body
   * @return what the body returned
   * @throws CompletionException if the body failed; the cause is what it threw
   * @throws RejectedExecutionException if the executor refuses the body
   */
  public static <T extends @Nullable Object> T runInExecutor(
      ExecutorService executor, Callable<T> body) {
    Objects.requireNonNull(executor, "executor must not be null");
    Objects.requireNonNull(body, "body must not be null");
    return Work.run(Task.current("Async.runInExecutor"), executor, body);
  }

  /**
   * Runs a serializable body on an executor and waits for it; see {@link
   * #runInExecutor(ExecutorService, Callable)}.
   *
   * @param <T> the result
   * @param executor the executor
   * @param body the body
   * @return what the body returned
   */
  public static <T extends @Nullable Object> T runInExecutor(
      ExecutorService executor, SerializableCallable<T> body) {
    return runInExecutor(executor, (Callable<T>) body);
  }

  /**
   * Runs a body without a result on an executor and waits for it; see {@link
   * #runInExecutor(ExecutorService, Callable)}.
   *
   * @param executor the executor
   * @param body the body
   */
  public static void runInExecutor(ExecutorService executor, Runnable body) {
    Objects.requireNonNull(body, "body must not be null");
    SerializableCallable<@Nullable Void> callable = // travels if the body does
        () -> {
          body.run();
          return null;
        };
    runInExecutor(executor, callable);
  }

  /**
   * Runs a serializable body without a result on an executor and waits for it; see {@link
   * #runInExecutor(ExecutorService, Callable)}.
   *
   * @param executor the executor
   * @param body the body
   */
  public static void runInExecutor(ExecutorService executor, SerializableRunnable body) {
    runInExecutor(executor, (Runnable) body);
  }

  // --- for this package: one kind of body as another

  static Callable<@Nullable Void> callable(Action<? extends Exception> action) {
    Objects.requireNonNull(action, "body must not be null");
    return () -> {
      action.run();
      return null;
    };
  }

  static <T extends @Nullable Object, X extends Throwable> Callable<T> callable(Body<T, X> body) {
    Objects.requireNonNull(body, "body must not be null");
    return () -> {
      try {
        return body.call();
      } catch (Throwable t) {
        throw Failures.<RuntimeException>rethrow(t);
      }
    };
  }

  static <X extends Throwable> Body<@Nullable Object, X> body(Action<X> action) {
    Objects.requireNonNull(action, "body must not be null");
    return () -> {
      action.run();
      return null;
    };
  }
}
