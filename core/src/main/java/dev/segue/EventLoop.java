package dev.segue;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.segue.futures.internal.Deadlines;
import dev.segue.futures.internal.Failures;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs many tasks, one at a time, changing over only where the running one waits.
 *
 * <p>Most programs need only {@link Async#run}. A loop of one's own has a name, a clock, handlers;
 * is {@linkplain #run(Body) run} several times; or is {@linkplain Builder#start() started} on a
 * thread of its own, inside a program that is not built around it, until it is closed:
 *
 * {@snippet class="dev.segue.snippets.SnippetsTest" region="embedded"}
 *
 * <p>The loop runs on a thread of its own, never the caller's, unless that is asked for with {@link
 * #runHere(Body)}. Several loops may live in one JVM; a task belongs to one. All methods may be
 * called from any thread unless they say otherwise. Counterpart of {@code asyncio.Runner} and of
 * the loop itself.
 */
public final class EventLoop implements Executor, AutoCloseable {
  /** The kind of thread that tasks run on. */
  public enum Engine {
    /**
     * Virtual threads carried by the loop's own thread: JDK waits are cooperative. Needs {@code
     * --add-opens java.base/java.lang=…}.
     */
    CARRIER,
    /**
     * Plain virtual threads that pass one baton: needs no option. Segue's own waits are the same; a
     * JDK wait inside a task holds the loop, as in asyncio.
     */
    PORTABLE
  }

  private static final AtomicInteger LOOPS = new AtomicInteger();

  /** The loop that the thread serves. */
  private static final ThreadLocal<EventLoop> SERVED = new ThreadLocal<>();

  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final String name;
  private final Kernel kernel;
  private final Duration stallThreshold;
  private final @Nullable Consumer<Stall> stallHandler;
  private final boolean handlesSignals;
  private final @Nullable Consumer<String> signalHandler;
  private final AtomicLong taskIds = new AtomicLong();

  /** Held while a run goes on, and by close. */
  private final ReentrantLock running = new ReentrantLock();

  private boolean terminated; // guarded by running

  private volatile boolean closed;
  private volatile @Nullable Carrier embedded;

  private EventLoop(Builder builder) {
    name = builder.name == null ? "loop-" + LOOPS.incrementAndGet() : builder.name;
    stallThreshold = builder.stallThreshold;
    stallHandler = builder.stallHandler;
    handlesSignals = builder.handleSignals;
    signalHandler = builder.signalHandler;
    kernel =
        new Kernel(
            this,
            Engines.forLoop(builder.engine),
            builder.clock == null ? new RealClock() : builder.clock,
            builder.schedule == null ? new FifoSchedule() : builder.schedule,
            builder.instrument == null ? List.of() : List.of(builder.instrument),
            builder.decorator,
            new UnobservedFailures(builder.exceptionHandler));
  }

  /**
   * Has an instrument told of what the tasks do from now on, beside those that are told already.
   * Any thread; from another one than the loop's it takes effect when the loop, which must be
   * running or run later, gets to it. An instrument that was added twice is told twice.
   *
   * @param instrument the observer
   */
  public void addInstrument(Instrument instrument) {
    kernel.addInstrument(Objects.requireNonNull(instrument, "instrument must not be null"));
  }

  /**
   * Has an instrument told no more; does nothing if it is not told. As {@link #addInstrument}.
   *
   * @param instrument the observer
   */
  public void removeInstrument(Instrument instrument) {
    kernel.removeInstrument(Objects.requireNonNull(instrument, "instrument must not be null"));
  }

  /**
   * Gives every loop of this JVM, whatever code built it, an instrument of its own: those that run
   * now at once, as by {@link #addInstrument}; each other one when it next begins to run, before
   * its first task.
   *
   * @param factory makes an instrument, or returns null for none; called by any thread, once for
   *     each loop. What it throws is logged, and the loop runs without the instrument
   */
  public static void addInstruments(Supplier<? extends @Nullable Instrument> factory) {
    InstrumentFactory.add(Objects.requireNonNull(factory, "factory must not be null"));
  }

  /**
   * Undoes {@link #addInstruments}: no loop is given an instrument any more, and those that were
   * given are removed, as by {@link #removeInstrument}.
   *
   * @param factory the factory that was given there
   */
  public static void removeInstruments(Supplier<? extends @Nullable Instrument> factory) {
    InstrumentFactory.remove(Objects.requireNonNull(factory, "factory must not be null"));
  }

  /**
   * Returns a builder with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns whether this loop handles signals, so that one may end what its tasks wait for.
   *
   * @return whether {@link Builder#handleSignals(boolean)} was turned on
   */
  public boolean handlesSignals() {
    return handlesSignals;
  }

  /**
   * Runs a body as the loop's main task, on the loop's thread, and returns its result. When it has
   * ended, every task that is left is cancelled and waited for; their failures go to the exception
   * handler.
   *
   * <p>Interrupting the calling thread cancels the main task; this method then still waits for the
   * loop to end, and returns or throws with the interrupt flag set.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param main the body; it runs on another thread than the caller's, whose thread-locals and
   *     monitors it does not have
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws Cancelled if the main task was cancelled: by an interrupt, a signal, or {@link #close}
   * @throws RunAbandoned if the loop's schedule or clock ended the run with it
   * @throws IllegalStateException inside a task, or if the loop is running or closed
   */
  public <T extends @Nullable Object, X extends Throwable> T run(Body<T, X> main) throws X {
    Objects.requireNonNull(main, "main must not be null");
    return runMain(main, false, false);
  }

  /**
   * Runs a body without a result as the loop's main task; see {@link #run(Body)}.
   *
   * @param <X> what the body may throw
   * @param main the body
   * @throws X whatever the body throws, unwrapped
   */
  public <X extends Throwable> void run(Action<X> main) throws X {
    this.<@Nullable Object, X>run(Async.body(main));
  }

  /**
   * Runs a body as {@link #run(Body)} does, with the calling thread as the loop's thread: for a
   * tool that runs many short loops one after the other, as starting a thread takes longer than
   * such a loop. The body still runs in a task, which has a thread of its own. A loop that will not
   * run again need not be closed.
   *
   * <p>The calling thread is to be one that belongs to the tool, and that nobody interrupts
   * meanwhile: the JDK clears the interrupt flag of a thread that carries virtual threads, so an
   * interrupt that comes then is lost. One that came before cancels the main task, and the flag is
   * set again at the end. To end the run early, cancel a task, or {@link #close} the loop from
   * another thread. On the carrier engine the tasks' frames are put on top of the calling thread's,
   * which must leave room for them.
   *
   * @param <T> the result
   * @param <X> what the body may throw
   * @param main the body
   * @return what the body returned
   * @throws X whatever the body throws, unwrapped
   * @throws Cancelled as {@link #run(Body)}
   * @throws RunAbandoned as {@link #run(Body)}
   * @throws IllegalStateException inside a task, on a virtual thread, or on the thread of a loop
   *     that runs, or if the loop is running or closed
   */
  public <T extends @Nullable Object, X extends Throwable> T runHere(Body<T, X> main) throws X {
    Objects.requireNonNull(main, "main must not be null");
    return runMain(main, false, true);
  }

  /**
   * Runs a body without a result on the calling thread; see {@link #runHere(Body)}.
   *
   * @param <X> what the body may throw
   * @param main the body
   * @throws X whatever the body throws, unwrapped
   */
  public <X extends Throwable> void runHere(Action<X> main) throws X {
    this.<@Nullable Object, X>runHere(Async.body(main));
  }

  /**
   * Creates a task on this loop.
   *
   * <p>On a loop that is built but not running, the task waits for the next run. A run that is
   * ending takes no new tasks from here, so that it does end, whatever other threads do.
   *
   * @param <T> the type of the result
   * @param body the task's body
   * @return the task
   * @throws RejectedExecutionException if the loop is closed or being closed, or its run is ending
   */
  public <T extends @Nullable Object> Task<T> submit(Callable<T> body) {
    Objects.requireNonNull(body, "body must not be null");
    Task<T> task = kernel.newTask(null, body);
    kernel.submit(task);
    return task;
  }

  /**
   * Creates a task without a result on this loop; see {@link #submit(Callable)}.
   *
   * @param body the task's body
   * @return the task
   * @throws RejectedExecutionException if the loop is closed or being closed, or its run is ending
   */
  public Task<@Nullable Void> submit(Action<? extends Exception> body) {
    Task<@Nullable Void> task = kernel.newTask(null, Async.callable(body));
    kernel.submit(task);
    return task;
  }

  /**
   * Runs a callback on this loop, as a task of its own that begins even if it is cancelled first.
   * What it throws goes to the exception handler.
   *
   * <p>What one thread brings to a loop takes effect in that order, whatever it is: a callback that
   * is handed over before a future is completed runs before a task that awaits the future goes on.
   *
   * @param body the callback
   * @throws RejectedExecutionException if the loop is closed, or is being closed and has no task
   *     left; on the loop, if its run is ending
   */
  @Override
  public void execute(Runnable body) {
    Objects.requireNonNull(body, "body must not be null");
    if (kernel.isOnLoop() && kernel.isStopping()) {
      throw new RejectedExecutionException("the run of event loop '" + name + "' is ending");
    }
    kernel.execute(kernel.callback(body));
  }

  /**
   * Returns a view of this loop as the JDK's executor, for what takes one, such as a server or a
   * framework. Each command is a task of this loop, as by {@link #execute}: as many run at a time
   * as there are, each until it waits, and they share state without locks.
   *
   * {@snippet class="dev.segue.snippets.SnippetsTest" region="executor"}
   *
   * <p>Its futures are not {@link Task}s and keep the contract of {@link
   * java.util.concurrent.Future}: one that is cancelled is done at once. {@code cancel(true)}
   * cancels the task, which ends later. What waits for its time sleeps on the loop's {@linkplain
   * #clock() clock}. Waiting for one of them, and {@code invokeAll}, {@code invokeAny} and {@code
   * awaitTermination}, are JDK waits: in a task of this loop, use {@link Async#await}.
   *
   * <p>Shutting it down concerns what was given to this view. {@code shutdown} lets that run to its
   * end, delayed commands too, and stops what repeats; {@code shutdownNow} cancels its tasks, and
   * returns the commands that have not begun, except those that wait for their time, whose futures
   * are cancelled. The loop goes on, and so do other views of it. Closing the loop cancels what is
   * left of all, and a view then refuses what it is given with {@link RejectedExecutionException}.
   *
   * @return a new view
   */
  public ScheduledExecutorService asExecutorService() {
    return new LoopExecutor(kernel);
  }

  /**
   * Returns what each task does now, as {@code asyncio.capture_call_graph} does for one: what it
   * waits for, and which tasks can end that. Where the loop is idle or not running, or is held for
   * longer than {@code patience}, the calling thread looks; any other loop looks itself, between
   * two steps, which takes some milliseconds for 100,000 tasks.
   *
   * @param patience how long a task may hold the loop before the calling thread looks
   * @return the tasks that have not ended
   */
  public LoopSnapshot snapshot(Duration patience) {
    return TaskCapture.of(kernel, Deadlines.nanos(patience, "patience"));
  }

  /**
   * Returns the loop's clock.
   *
   * @return the clock
   */
  public InstantSource clock() {
    return kernel.clock();
  }

  /**
   * Returns the engine that runs this loop's tasks.
   *
   * @return the engine
   */
  public Engine engine() {
    return kernel.engine().kind();
  }

  /**
   * Returns the thread that serves the loop.
   *
   * <p>In a {@linkplain #run(Body) run} it is like the thread that called {@code run}, as any
   * thread is like the one that creates it: whether it is a daemon, its priority, thread group,
   * context class loader and {@link InheritableThreadLocal}s. The thread of a {@linkplain
   * Builder#start() started} loop does not depend on who starts it: it is no daemon, and keeps the
   * JVM alive until the loop is closed; it has normal priority, and no inheritable thread-locals;
   * its context class loader is the one of the thread that called {@code start}.
   *
   * @return a platform thread, with the loop's name; the calling one in {@link #runHere(Body)}
   * @throws IllegalStateException if the loop is not running
   */
  public Thread thread() {
    var started = embedded;
    var carrier = started == null ? kernel.carrier() : started.thread;
    if (carrier == null) {
      throw new IllegalStateException("event loop '" + name + "' is not running");
    }
    return carrier;
  }

  /**
   * Returns the loop's name, which is also that of a thread of its own.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Ends the loop: cancels its tasks, waits until each has ended, and gives failures that nobody
   * has looked at to the exception handler. A second call only waits.
   *
   * <p>From the call on, {@link #submit(Callable) submit} throws {@link
   * RejectedExecutionException}. Callbacks of {@link #execute} are taken until no task is left.
   *
   * <p>Not interruptible: an interrupt is kept until the tasks have ended.
   *
   * <p>May be called by a shutdown hook. A task that has called {@link System#exit} never ends,
   * because that call waits for the hooks: this method then returns once the other tasks have
   * ended; on the portable engine, where such a task holds the loop, without them.
   *
   * @throws IllegalStateException inside a task of this loop, in work that one waits for, or on the
   *     loop's thread, which would have to wait for itself
   * @throws RunAbandoned if the schedule or the clock of a started loop ended it with that
   */
  @Override
  public void close() {
    refuseToWaitForItself();
    closed = true;
    kernel.close("event loop '" + name + "' was closed");
    Blocking.block(this::awaitClosed);
  }

  private void awaitClosed() {
    var thread = embedded;
    if (thread != null) {
      thread.join(true, () -> {});
      return;
    }
    // A run that goes on ends first.
    if (!await(limit -> running.tryLock(limit.toNanos(), NANOSECONDS), true, () -> {})) {
      return;
    }
    try {
      // What arrived between runs is begun, cancelled, and so accounted for.
      if (!terminated && kernel.close("event loop '" + name + "' was closed")) {
        new Carrier(Thread.ofPlatform(), new Run(null, true)).start().join(true, () -> {});
      }
      terminated = true;
    } finally {
      running.unlock();
    }
  }

  /** Something that blocks, for a limited time, and returns whether it has succeeded. */
  private interface Attempt {
    boolean within(Duration limit) throws InterruptedException;
  }

  /**
   * Blocks until an attempt succeeds, and restores an interrupt that came meanwhile.
   *
   * @param ending whether the loop's tasks have been cancelled, so that its end is near
   * @return whether it has succeeded: false where the loop cannot end before the JVM does
   */
  private boolean await(Attempt attempt, boolean ending, Runnable onInterrupt) {
    var exit = new ExitInside(kernel);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (attempt.within(ending ? BETWEEN_LOOKS : FOREVER)) {
            return true;
          }
          if (exit.preventsTheEnd()) {
            Log.warn(
                "event loop '"
                    + name
                    + "' is left before it has ended: System.exit was called in it, which never"
                    + " returns",
                null);
            return false;
          }
        } catch (InterruptedException _) {
          interrupted = true;
          ending = true;
          onInterrupt.run();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Ends the loop as {@link #close()} does, and waits for a limited time. What has not ended by
   * then goes on ending; another call waits on.
   *
   * @param timeout for how long; zero or negative for not at all
   * @return whether the loop has ended
   * @throws IllegalStateException as {@link #close()}
   */
  public boolean closeWithin(Duration timeout) {
    long deadline = Deadlines.in(Deadlines.nanos(timeout, "timeout"));
    refuseToWaitForItself();
    var closing = new FutureTask<@Nullable Void>(this::close, null);
    Thread.ofPlatform().daemon().name(name + "-close").start(closing);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          closing.get(Deadlines.nanosUntil(deadline), NANOSECONDS);
          return true;
        } catch (TimeoutException _) {
          return false;
        } catch (ExecutionException e) {
          throw Failures.<RuntimeException>rethrow(Failures.unwrap(e));
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void refuseToWaitForItself() {
    if (kernel.isOnLoop() || Work.isFor(kernel)) {
      throw new IllegalStateException(
          "event loop '"
              + name
              + "' cannot be closed from one of its own tasks, or from work that such a task"
              + " waits for: close() would wait for itself");
    }
  }

  /**
   * Returns a description: the loop's name.
   *
   * @return a text such as {@code event loop 'main'}
   */
  @Override
  public String toString() {
    return "event loop '" + name + "'";
  }

  // --- for this package

  long nextTaskId() {
    return taskIds.incrementAndGet();
  }

  /** Runs the loop's first and last main task. */
  <T extends @Nullable Object, X extends Throwable> T runOnce(Body<T, X> main) throws X {
    return runMain(main, true, false);
  }

  private <T extends @Nullable Object, X extends Throwable> T runMain(
      Body<T, X> body, boolean last, boolean here) throws X {
    refuseNesting();
    if (here) {
      refuseToServeHere();
    }
    refuseIfClosed();
    if (embedded != null || running.isHeldByCurrentThread() || !running.tryLock()) {
      refuseIfClosed();
      throw new IllegalStateException(
          "event loop '" + name + "' is already running; use submit to give it work");
    }
    try {
      refuseIfClosed();
      if (last) {
        closed = true;
      }
      Task<T> main = kernel.newTask("main", Async.callable(body));
      var run = new Run(main, last);
      if (handlesSignals) {
        try (var _ = new Signals(signal -> received(signal, main))) {
          serve(run, main, here);
        }
      } else {
        serve(run, main, here);
      }
      terminated = last;
      return valueOrThrow(main);
    } finally {
      running.unlock();
    }
  }

  private void received(String signal, Task<?> main) {
    var handler = signalHandler;
    if (handler == null) {
      main.cancel("received " + signal);
    } else {
      var _ = kernel.call(kernel.callback(() -> handler.accept(signal)));
    }
  }

  private void serve(Run run, Task<?> main, boolean here) {
    Runnable onInterrupt = () -> main.cancel("the thread that called run was interrupted");
    if (here) {
      boolean interrupted = Thread.interrupted();
      if (interrupted) {
        onInterrupt.run();
      }
      try {
        run.serve();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      run.throwFault();
    } else {
      var carrier = new Carrier(Thread.ofPlatform(), run).start();
      Blocking.block(() -> carrier.join(false, onInterrupt));
    }
  }

  private static <T extends @Nullable Object, X extends Throwable> T valueOrThrow(Task<T> main)
      throws X {
    var outcome = main.outcomeNow();
    if (outcome == null) {
      throw new IllegalStateException(
          main + " does not end: System.exit was called in its loop, and the JVM is shutting down");
    }
    // Not a switch, whose first use takes the JVM a while that each start would pay.
    if (outcome instanceof Outcome.Failure<T>(var cause)) {
      throw Failures.<RuntimeException>rethrow(cause);
    }
    if (outcome instanceof Outcome.Cancellation<T>(var cause)) {
      throw cause;
    }
    return ((Outcome.Success<T>) outcome).value();
  }

  private void refuseNesting() {
    var task = Engines.currentTask();
    if (task != null) {
      throw new IllegalStateException(
          "run was called inside "
              + task
              + ", which already runs on a loop; call the body directly, or create a task");
    }
  }

  private static void refuseToServeHere() {
    var thread = Thread.currentThread();
    if (thread.isVirtual()) {
      throw new IllegalStateException(
          "runHere was called on "
              + thread
              + ", which cannot carry tasks, as it is a virtual thread itself; call it on a platform"
              + " thread, or use run");
    }
    var served = SERVED.get();
    if (served != null) {
      throw new IllegalStateException(
          "runHere was called on thread '"
              + thread.getName()
              + "', which serves "
              + served
              + " already; call it on another thread, or use run");
    }
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException("event loop '" + name + "' is closed");
    }
  }

  /** One run of the loop, by the thread that calls {@link #serve}. */
  private final class Run {
    private final @Nullable Task<?> main;
    private final boolean last;
    private volatile @Nullable Throwable fault;
    private volatile @Nullable RunAbandoned abandoned;

    /**
     * Creates a run.
     *
     * @param main the first task, if any
     * @param last whether the loop ends with this run
     */
    Run(@Nullable Task<?> main, boolean last) {
      this.main = main;
      this.last = last;
    }

    /** Throws nothing that is not an error of this class. */
    void serve() {
      var stalls = new StallDetector(kernel, stallThreshold, stallHandler);
      try {
        SERVED.set(EventLoop.this);
        Watchdog.watch(stalls);
        kernel.engine().begin(kernel);
        abandoned = kernel.run(main, last);
      } catch (Throwable t) {
        fail(t);
      } finally {
        try {
          kernel.engine().end(kernel);
        } finally {
          Watchdog.forget(stalls);
          SERVED.remove();
          if (last || fault != null) {
            kernel.instruments().ended();
          }
        }
      }
    }

    private void fail(Throwable thrown) {
      fault = thrown;
      closed = true;
      kernel.fail(thrown);
      if (main != null) {
        main.lose(thrown); // it may not have begun
      }
      if (!(thrown instanceof RunAbandoned)) {
        Log.error("event loop '" + name + "' failed", thrown);
      }
    }

    /** Throws what ended the run, if that was not the main task. */
    void throwFault() {
      if (abandoned != null) {
        if (main != null && main.outcomeNow() instanceof Outcome.Failure<?>(var cause)) {
          Failures.suppress(abandoned, List.of(cause)); // of its own, while it was unwound
        }
        throw abandoned;
      }
      if (fault instanceof RunAbandoned givenUp) {
        throw givenUp;
      }
      if (fault != null) {
        throw new IllegalStateException(
            "event loop '"
                + name
                + "' failed: "
                + (fault instanceof VirtualMachineError
                    ? Failures.describe(fault)
                    : "its LoopClock or Schedule threw; with the defaults this is a bug in Segue,"
                        + " please report it"),
            fault);
      }
    }
  }

  /** A thread for one run. */
  private final class Carrier {
    private final Thread thread;
    private final Run run;

    /**
     * Makes the thread.
     *
     * @param builder what its attributes are like
     * @param run what it is to serve
     */
    Carrier(Thread.Builder.OfPlatform builder, Run run) {
      this.run = run;
      thread = builder.name(name).unstarted(run::serve);
    }

    Carrier start() {
      thread.start();
      return this;
    }

    /** Waits until the run has ended; the parameters are those of {@link EventLoop#await}. */
    void join(boolean ending, Runnable onInterrupt) {
      if (await(thread::join, ending, onInterrupt)) {
        run.throwFault();
      }
    }
  }

  /** The settings of a loop to be made. Confined to one thread; may make several loops. */
  public static final class Builder {
    private @Nullable String name;
    private @Nullable Engine engine;
    private @Nullable LoopClock clock;
    private @Nullable Schedule schedule;
    private @Nullable Instrument instrument;
    private @Nullable BiConsumer<Task<?>, Throwable> exceptionHandler;
    private @Nullable UnaryOperator<Callable<?>> decorator;
    private Duration stallThreshold = Duration.ofMillis(500);
    private @Nullable Consumer<Stall> stallHandler;
    private boolean handleSignals;
    private @Nullable Consumer<String> signalHandler;

    private Builder() {}

    /**
     * Sets the loop's name, which its thread gets too; "loop-" and a number by default.
     *
     * @param name the name
     * @return this builder
     */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name must not be null");
      return this;
    }

    /**
     * Sets the engine; by default what the system property {@code segue.engine} says, {@code
     * carrier} or {@code portable}, and {@link Engine#CARRIER} where it says nothing.
     *
     * @param engine the engine
     * @return this builder
     */
    public Builder engine(Engine engine) {
      this.engine = Objects.requireNonNull(engine, "engine must not be null");
      return this;
    }

    /**
     * Sets the clock; the machine's by default. A clock serves one loop.
     *
     * @param clock the clock
     * @return this builder
     */
    public Builder clock(LoopClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock must not be null");
      return this;
    }

    /**
     * Sets the order in which ready tasks run; first in, first out by default. A schedule serves
     * one loop.
     *
     * @param schedule the schedule
     * @return this builder
     */
    public Builder schedule(Schedule schedule) {
      this.schedule = Objects.requireNonNull(schedule, "schedule must not be null");
      return this;
    }

    /**
     * Sets an observer of the loop's tasks; none by default.
     *
     * @param instrument the observer
     * @return this builder
     */
    public Builder instrument(Instrument instrument) {
      this.instrument = Objects.requireNonNull(instrument, "instrument must not be null");
      return this;
    }

    /**
     * Sets the handler of failures that nothing retrieves; by default the log {@code dev.segue}, at
     * level ERROR.
     *
     * <p>The handler is called on the loop's thread, outside any task, once the failed task cannot
     * be reached any more, or when the loop ends; a callback's failure at once. It must not wait.
     * The task it is given has the name, id and outcome of the one that failed, but need not be the
     * same object. What it throws is logged.
     *
     * @param handler given the task and what it threw
     * @return this builder
     */
    public Builder exceptionHandler(BiConsumer<Task<?>, Throwable> handler) {
      this.exceptionHandler = Objects.requireNonNull(handler, "handler must not be null");
      return this;
    }

    /**
     * Sets what wraps the body of each task, and of each {@link Async#toThread}, to carry context
     * such as a logging MDC or a {@link ScopedValue} from the creating thread into the task. It
     * runs on the creating thread; what it throws, the call that creates the task throws.
     *
     * @param decorator given a body, returns a body with the same result
     * @return this builder
     */
    public Builder taskDecorator(UnaryOperator<Callable<?>> decorator) {
      this.decorator = Objects.requireNonNull(decorator, "decorator must not be null");
      return this;
    }

    /**
     * Sets for how long a task may hold the loop before the watchdog reports it; 500 ms by default.
     *
     * @param threshold the time; zero or negative for no reports
     * @return this builder
     */
    public Builder stallThreshold(Duration threshold) {
      this.stallThreshold = Objects.requireNonNull(threshold, "threshold must not be null");
      return this;
    }

    /**
     * Sets the handler of stalls, which is called while the loop is blocked; by default the log
     * {@code dev.segue}, at level WARNING. It is told again each time the stall has doubled.
     *
     * @param handler called on the watchdog's thread, which watches every loop of the JVM; must not
     *     wait
     * @return this builder
     */
    public Builder stallHandler(Consumer<Stall> handler) {
      this.stallHandler = Objects.requireNonNull(handler, "handler must not be null");
      return this;
    }

    /**
     * Sets whether {@link EventLoop#run(Body) run} takes over the signals INT and TERM meanwhile:
     * the first cancels the main task, a second halts the JVM with exit code 130. Off by default,
     * as signals belong to the program, not to a library.
     *
     * <p>If several such runs overlap, the first signal cancels the main task of each. The last run
     * to end puts back what handled the signals before. Where the JVM does not give them, because
     * it was started with {@code -Xrs}, the run does without.
     *
     * @param on whether it does
     * @return this builder
     */
    public Builder handleSignals(boolean on) {
      this.handleSignals = on;
      this.signalHandler = null;
      return this;
    }

    /**
     * Has {@link EventLoop#run(Body) run} take over the signals INT and TERM meanwhile, and sets
     * what is told of the first: a handler, in place of the cancel of the main task, for a program
     * that ends in its own way. A second halts the JVM with exit code 130.
     *
     * @param handler given {@code "SIGINT"} or {@code "SIGTERM"}, on the loop, in a task of its own
     * @return this builder
     */
    public Builder handleSignals(Consumer<String> handler) {
      this.signalHandler = Objects.requireNonNull(handler, "handler must not be null");
      this.handleSignals = true;
      return this;
    }

    /**
     * Makes a loop, to be {@linkplain EventLoop#run(Body) run}.
     *
     * @return the loop
     * @throws IllegalStateException if this JVM does not allow the engine; the message names the
     *     option that would
     */
    public EventLoop build() {
      return new EventLoop(this);
    }

    /**
     * Makes a loop and starts it on a thread of its own, where it runs what is {@linkplain
     * EventLoop#submit(Callable) submitted} until it is closed. {@linkplain EventLoop#thread() The
     * thread} keeps the JVM alive until then, as an executor's do.
     *
     * @return the loop
     * @throws IllegalStateException as {@link #build}
     */
    @SuppressWarnings("ThreadPriorityCheck") // not the priority of whoever happens to call this
    public EventLoop start() {
      var loop = build();
      var thread =
          Thread.ofPlatform()
              .daemon(false)
              .priority(Thread.NORM_PRIORITY)
              .inheritInheritableThreadLocals(false);
      var carrier = loop.new Carrier(thread, loop.new Run(null, true));
      carrier.thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
      loop.embedded = carrier.start();
      return loop;
    }
  }
}
