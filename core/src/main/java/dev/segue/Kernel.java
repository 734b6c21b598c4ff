package dev.segue;

import dev.segue.futures.internal.Failures;
import dev.segue.futures.internal.LeftCallbacks;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One loop at work: its ready tasks, timers and inbox, and the turn that serves them.
 *
 * <p>A turn handles the messages of other threads, fires the timers that are due, and steps each
 * task that was ready when it began; so a task that is always ready delays the others by one step
 * and starves nobody. The loop is the carrier thread and the task mounted on it.
 */
@LoopConfined
final class Kernel {
  private static final VarHandle STEPS;
  private static final VarHandle CURRENT;
  private static final VarHandle LATELY;

  static {
    try {
      var lookup = MethodHandles.lookup();
      STEPS = lookup.findVarHandle(Kernel.class, "steps", long.class);
      CURRENT = lookup.findVarHandle(Kernel.class, "current", Task.class);
      LATELY = lookup.findVarHandle(Kernel.class, "lately", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int SPARE_MESSAGES = 1_000;
  private static final long NANOS_FOR_OTHERS = 100_000_000;
  private static final long NANOS_TO_COME_BACK = 2_000_000_000; // by a thread of the JVM's

  private final EventLoop loop;
  private final TaskEngine engine;
  private final LoopClock clock;
  private final Schedule schedule;
  private final Instruments instruments;
  private final @Nullable UnaryOperator<Callable<?>> decorator;
  private final UnobservedFailures unobserved;
  private final Inbox inbox = new Inbox();
  private final TimerHeap timers = new TimerHeap();
  private final WaitGraph waitGraph;
  private final LeftCallbacks<FutureWait<?>> leftWaits = new LeftCallbacks<>();
  private final WorkerThreads workers;

  private volatile @Nullable Thread carrier;
  private volatile boolean idle;

  private volatile Root root = new Root();
  private @Nullable Task<?> current;
  private @Nullable Instruments instrument; // null for none
  private boolean servingTurn; // and no task runs, though it lends its thread
  private @Nullable Timer due; // the timer that fires
  private long dueTime; // when its turn began

  // What other threads may still bring. The tasks that are left need wake-ups to the very end.
  private volatile boolean stopping; // no new tasks: this run ends
  private volatile boolean closing; // no new tasks: the loop ends
  private volatile boolean over; // no callbacks either: the loop has run out of tasks

  private int leftInTurn;
  private int live;
  private int elsewhere; // how many tasks are in JDK waits
  private final boolean timesJdkWaits;
  private final Set<ClockedWait> clockedWaits = new HashSet<>(); // of tasks that are elsewhere
  private boolean othersAct; // other threads may end those
  private boolean patient; // they are given time since the last step
  private long patienceEnds; // in real time
  private int outsideWork;
  private long steps;
  private long lately = System.nanoTime();
  private long numbers;
  private long returns;
  private final int kilobytes; // on the stack, for an operation
  private int operations; // only for makeRoom
  private @Nullable Throwable fault; // of the schedule
  private @Nullable RunAbandoned abandoned; // what a tool ended this run with

  Kernel(
      EventLoop loop,
      TaskEngine engine,
      LoopClock clock,
      Schedule schedule,
      List<Instrument> instruments,
      @Nullable UnaryOperator<Callable<?>> decorator,
      UnobservedFailures unobserved) {
    this.loop = loop;
    this.engine = engine;
    this.clock = clock;
    this.timesJdkWaits = TaskTime.isUsed() && !(clock instanceof RealClock);
    this.schedule = schedule;
    this.instruments = new Instruments(instruments);
    this.instrument = instruments.isEmpty() ? null : this.instruments;
    this.waitGraph = new WaitGraph(this.instruments);
    this.decorator = decorator;
    this.unobserved = unobserved;
    this.kilobytes = engine.kilobytesOfAnOperation();
    this.workers = new WorkerThreads(loop.name());
  }

  /** The top of a run's tree of tasks. */
  private static final class Root extends CancelNode {
    @Override
    @Nullable Task<?> owner() {
      return null;
    }
  }

  // --- the run

  /**
   * Serves the loop on the calling thread until {@code main} has ended, or {@link #stop} is called,
   * and no task is left.
   *
   * @param main the first task; null for none
   * @param last whether the loop ends with this run, and refuses what arrives later
   * @return what a tool ended the run with; null if none did
   */
  @Nullable RunAbandoned run(@Nullable Task<?> main, boolean last) {
    carrier = Thread.currentThread();
    noteTime(System.nanoTime());
    InstrumentFactory.equip(this, this::tellFromNowOn);
    root = new Root();
    var mainEnded = new MainObserver(root, last); // now, while there is memory
    stopping = false;
    leftInTurn = 0;
    abandoned = null;
    try {
      if (main != null) {
        begin(main);
        main.observe(mainEnded);
      }
      serveToTheEnd();
      over = last;
      while (last && !inbox.closeIfEmpty()) {
        drain();
        serveToTheEnd();
      }
      stopping = last; // what comes now waits for the next run
    } finally {
      workers.shutdown();
      carrier = null;
    }
    unobserved.reportAll();
    return abandoned;
  }

  private void serveToTheEnd() {
    while (!isOver()) {
      try {
        serve();
      } catch (RunAbandoned thrown) {
        unwind(thrown);
      }
    }
  }

  /**
   * Cancels all tasks, because a tool says that the run is over; if it has said so before, fails.
   */
  private void unwind(RunAbandoned thrown) {
    if (abandoned != null) {
      throw abandoned;
    }
    if (fault != null) {
      throw thrown; // by Schedule.add, which may not have added the task
    }
    abandoned = thrown;
    current = null;
    idle = false;
    leftInTurn = 0;
    stopping = true;
    var reason = Objects.requireNonNullElse(thrown.getMessage(), "the run was abandoned");
    root.offerRequest(new CancelRequest(root, reason, null));
    root.deliver(); // also where the run was ending: what a task waits for then may hang
  }

  /** Ends every task, so that nobody waits for one that will never run again. */
  void fail(Throwable fault) {
    var lose = loseSubmitted(fault);
    inbox.refuse(lose);
    // The tasks last: a thread that learns of its task's end finds the loop closed.
    for (var node = root.following(root, true); node != root; node = node.following(root, true)) {
      if (node instanceof Task<?> task) {
        task.lose(fault);
        task.giveUpThread();
      }
    }
  }

  private static Consumer<Inbox.Message> loseSubmitted(Throwable fault) {
    for (int tries = 1; ; tries++) {
      try {
        return message -> {
          if (message instanceof Submitted submitted) {
            submitted.task.lose(fault);
          }
        };
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  /** Ends the run once the tasks that are left have been cancelled and have ended. */
  private void stop(CancelRequest request) {
    if (!stopping) {
      stopping = true;
      root.offerRequest(request);
      root.deliver();
    }
  }

  /**
   * As {@link #stop}, for good: takes no new tasks from now on.
   *
   * @return false if the loop has ended
   */
  @AnyThread
  boolean close(String reason) {
    closing = true;
    var running = root;
    var request = new CancelRequest(running, reason, null);
    running.offerRequest(request); // for a task that holds the loop
    return wake(
        new Inbox.Message() {
          @Override
          void receive() {
            stop(request);
          }
        });
  }

  private final class MainObserver extends TaskObserver.OnLoop {
    private final CancelRequest ended;
    private final boolean last;

    MainObserver(Root running, boolean last) {
      this.ended =
          new CancelRequest(running, "the main task of loop '" + loop.name() + "' has ended", null);
      this.last = last;
    }

    @Override
    void taskEnded(Task<?> task) {
      task.markObserved(); // run() gives it to its caller
      if (last) {
        closing = true;
      }
      stop(ended);
    }
  }

  /** Whether the run ends: it waits for the tasks that are left, and takes no callbacks. */
  boolean isStopping() {
    return stopping;
  }

  private boolean isOver() {
    return live == 0 && stopping;
  }

  // --- a turn

  /** Has the next task make a step, or waits for one that can. On the loop's own thread. */
  private void serve() {
    var task = nextStep();
    if (task != null) {
      task.step();
    } else if (!isOver()) {
      idle();
    }
    current = null;
    if (task != null && task.goesElsewhere()) {
      elsewhere++;
      var on = task.clockedWait();
      if (on != null) {
        on.left = true;
        clockedWaits.add(on);
      }
      if (instrument != null && task.isInJdkWait()) {
        instrument.waiting(task, on == null ? Wait.JDK : on);
      }
    }
  }

  /**
   * Begins the step of the task whose turn it is; the caller sees to it that the task runs.
   *
   * @return the task; null if none is ready, or the run is over
   */
  @Nullable Task<?> nextStep() {
    while (!isOver()) {
      if (leftInTurn == 0 && !beginTurn()) {
        return null;
      }
      leftInTurn--;
      var task = schedule.next();
      if (task.canStep()) { // else it was queued twice, for a thread dump
        if (task.comesBack()) {
          elsewhere--;
          if (timesJdkWaits) {
            clockedWaits.remove(task.clockedWait());
          }
        }
        patient = false;
        current = task;
        steps++;
        if (instrument != null && !task.isDone()) { // else its thread alone has yet to end
          instrument.resumed(task);
        }
        return task;
      }
    }
    return null;
  }

  /** Returns whether any task is ready. */
  private boolean beginTurn() {
    servingTurn = true;
    try {
      drain();
      long earliest = timers.earliest();
      clock.beginTurn(earliest);
      if (earliest != Long.MAX_VALUE && fireTimers()) { // else without a look at the clock
        clock.beginTurn(timers.earliest());
      }
      unobserved.reportUnreachable();
    } finally {
      servingTurn = false;
    }
    if (fault != null) {
      throw Failures.<RuntimeException>rethrow(fault);
    }
    leftInTurn = schedule.size();
    return leftInTurn > 0;
  }

  /** Handles messages, but not so many that threads which never stop make the turns ever longer. */
  private void drain() {
    inbox.drain(live + SPARE_MESSAGES); // a task has about one wake-up at a time
  }

  /** Returns whether any was due. */
  private boolean fireTimers() {
    long now = clock.nanoTime();
    dueTime = now;
    boolean fired = false;
    for (var timer = timers.pollDue(now); timer != null; timer = timers.pollDue(now)) {
      fire(timer);
      fired = true;
    }
    return fired;
  }

  private void fire(Timer timer) {
    due = timer;
    for (int tries = 1; ; tries++) {
      try {
        timer.fire();
        due = null;
        return;
      } catch (OutOfMemoryError error) {
        OutOfMemory.pause(error, tries);
      }
    }
  }

  private void idle() {
    try {
      waitGraph.searchLongWaits();
    } catch (OutOfMemoryError _) {
      // The next time, then.
    }
    if (hasMoreToDo()) {
      return;
    }
    if (instrument != null) {
      instrument.idle();
      if (hasMoreToDo()) {
        return; // the instrument cancelled something
      }
    }
    long deadline = timers.earliest();
    long forOthers = deadline == Long.MAX_VALUE ? 0 : nanosForOthers();
    boolean onlyTimers =
        deadline != Long.MAX_VALUE && forOthers == 0 && isQuiet() && inbox.isEmpty();
    if (onlyTimers && clock.skipTo(deadline)) {
      return;
    }
    idle = true;
    if (inbox.isEmpty()) {
      long nanos = forOthers > 0 ? forOthers : clock.realNanosUntil(deadline);
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else if (nanos > 0) {
        LockSupport.parkNanos(this, nanos);
      }
      // An interrupt means nothing to the loop's own thread, and would make it spin.
      var _ = Thread.interrupted();
    }
    idle = false;
    noteTime(System.nanoTime());
    Watchdog.wake();
  }

  private boolean hasMoreToDo() {
    return fault != null || schedule.size() > 0;
  }

  /** Whether only a timer can make anything happen, as far as is known. */
  private boolean isQuiet() {
    return outsideWork == 0 && (elsewhere == 0 || timesJdkWaits);
  }

  /**
   * How long the loop is to wait for other threads, which may end JDK waits of its tasks, before
   * virtual time passes; in real time.
   */
  private long nanosForOthers() {
    if (!timesJdkWaits || outsideWork > 0) {
      return 0;
    }
    boolean comesBack = isAnyClockedWaitOver();
    if (!comesBack && !othersAct && elsewhere == clockedWaits.size()) {
      return 0;
    }
    long now = System.nanoTime();
    if (!patient) {
      patient = true;
      patienceEnds = now + (comesBack ? NANOS_TO_COME_BACK : NANOS_FOR_OTHERS);
    }
    return Math.max(0, patienceEnds - now);
  }

  private boolean isAnyClockedWaitOver() {
    for (var wait : clockedWaits) {
      if (wait.isOver()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the JDK waits of tasks, too, end when this loop's clock says so. */
  @AnyThread
  boolean timesJdkWaits() {
    return timesJdkWaits;
  }

  /** Another thread has ended a JDK wait, or has been given something that may make it do so. */
  void othersAct() {
    othersAct = true;
  }

  // --- tasks

  /** Creates a task, on the calling thread, whose inheritable context it gets. */
  @AnyThread
  <T extends @Nullable Object> Task<T> newTask(@Nullable String name, Callable<? extends T> body) {
    return newTask(name, decorate(body), false);
  }

  @AnyThread
  private <T extends @Nullable Object> Task<T> newTask(
      @Nullable String name, Callable<T> decorated, boolean startsRegardless) {
    long id = loop.nextTaskId();
    var creation =
        Debug.ON ? new Throwable("task '" + Task.name(name, id) + "' was created here") : null;
    return engine.newTask(new TaskSpec<>(this, id, name, creation, decorated, startsRegardless));
  }

  /** Creates and begins a task of its own. */
  <T extends @Nullable Object> Task<T> spawn(@Nullable String name, Callable<? extends T> body) {
    return spawn(name, body, root);
  }

  /** Creates and begins a task under {@code parent}. */
  <T extends @Nullable Object> Task<T> spawn(
      @Nullable String name, Callable<? extends T> body, CancelNode parent) {
    Task<T> task = newTask(name, body);
    begin(task, parent);
    return task;
  }

  /**
   * Hands a task that was created elsewhere to this loop.
   *
   * @throws RejectedExecutionException if the loop takes no new tasks
   */
  @AnyThread
  void submit(Task<?> task) {
    boolean ending = stopping;
    if (ending || closing || !wake(new Submitted(task))) {
      throw rejected(ending && !closing);
    }
  }

  @AnyThread
  RejectedExecutionException rejected(boolean between) {
    var name = "event loop '" + loop.name() + "'";
    return new RejectedExecutionException(
        between ? "the run of " + name + " is ending" : name + " is closed");
  }

  private final class Submitted extends Inbox.Message {
    private final Task<?> task;

    Submitted(Task<?> task) {
      this.task = task;
    }

    @Override
    void receive() {
      begin(task);
    }
  }

  /** A callback, decorated on the thread that gives it. */
  @AnyThread
  Callable<@Nullable Object> callback(Runnable body) {
    return decorate(() -> {
      body.run();
      return null;
    });
  }

  /** Creates a task for a callback, which begins even if it is cancelled first. */
  @AnyThread
  Task<@Nullable Object> newCallbackTask(Runnable body) {
    return newTask(null, callback(body), true);
  }

  /**
   * Runs a callback as a task that begins even if it is cancelled first.
   *
   * @throws RejectedExecutionException if the loop has run out of tasks, and ends
   */
  @AnyThread
  void execute(Callable<@Nullable Object> callback) {
    if (over || !call(callback)) {
      throw rejected(false);
    }
  }

  /**
   * As {@link #execute}, as long as the loop has not ended.
   *
   * @return false if it has ended
   */
  @AnyThread
  boolean call(Callable<@Nullable Object> callback) {
    var task = newTask(null, callback, true);
    if (isOnLoop()) {
      makeRoom();
      begin(task);
      return true;
    }
    return wake(new Submitted(task));
  }

  private void begin(Task<?> task) {
    begin(task, root);
  }

  /** Takes a new task in, to run on a later turn. */
  void begin(Task<?> task, CancelNode parent) {
    parent.adopt(task);
    live++;
    if (instrument != null) {
      instrument.created(task);
    }
    schedule(task);
    if (instrument != null) {
      instrument.ready(task, Wake.START, runningTask(), 0);
    }
  }

  /** A task's body has ended, and those who wait for it have been told. */
  void taskDone(Task<?> task) {
    task.detach();
    if (instrument != null) {
      instrument.done(task, task.requireOutcome());
    }
  }

  /** Called by each task as the last thing it does. */
  void taskLeft() {
    live--;
  }

  /** A task has left for the Segue wait that it is in. */
  void leftToWait(Task<?> task) {
    var on = task.currentWait();
    if (instrument != null && on != null) {
      instrument.waiting(task, on);
    }
  }

  /** A task goes on after a Segue wait, on its thread. */
  void returned(Task<?> task) {
    if (instrument != null) {
      instrument.returned(task);
    }
  }

  /** A task is told that it is cancelled. */
  void cancelDelivered(Task<?> task) {
    if (instrument != null) {
      var request = task.innermost().outermostRequest();
      instrument.cancelRequested(task, Objects.requireNonNull(request).reason(), runningTask());
    }
  }

  /** The task whose code runs; null while the loop does its own work, on whichever thread. */
  private @Nullable Task<?> runningTask() {
    return servingTurn ? null : current;
  }

  /** Has an instrument told of what happens from now on; once the loop has the message. */
  @AnyThread
  void addInstrument(Instrument tool) {
    changeInstruments(() -> instruments.add(tool));
  }

  private void tellFromNowOn(Instrument tool) {
    instruments.add(tool);
    instrument = instruments;
  }

  @AnyThread
  void removeInstrument(Instrument tool) {
    changeInstruments(() -> instruments.remove(tool));
  }

  @AnyThread(because = "it asks first whether this is the loop")
  private void changeInstruments(Runnable change) {
    var message =
        new Inbox.Message() {
          @Override
          void receive() {
            change.run();
            instrument = instruments.isEmpty() ? null : instruments;
          }
        };
    if (isCaughtUp()) {
      message.receive();
    } else {
      wake(message);
    }
  }

  /** Whether the calling thread is in a method of the instrument, which must change nothing. */
  @AnyThread(because = "a thread that is in one sees what it wrote itself")
  boolean isLookedAt() {
    return instrument != null && instruments.isCalledBy(Thread.currentThread());
  }

  /** A task can go on. */
  void ready(Task<?> task) {
    schedule(task);
    if (instrument != null) {
      tellReady(instrument, task);
    }
  }

  private void tellReady(Instruments told, Task<?> task) {
    var running = runningTask();
    if (running != null) {
      told.ready(
          task, running == task ? Wake.YIELD : Wake.TASK, running == task ? null : running, 0);
    } else if (due != null) {
      told.ready(task, Wake.TIMER, null, dueTime - due.deadline);
    } else {
      told.ready(task, Wake.THREAD, null, 0);
    }
  }

  /**
   * Gives a task to the schedule. What that throws is the loop's, and not of the code that happens
   * to be running: the loop ends with it, at the latest with this turn.
   */
  private void schedule(Task<?> task) {
    try {
      schedule.add(task);
    } catch (StackOverflowError overflow) {
      throw overflow; // of that code
    } catch (Throwable thrown) {
      fault = thrown;
      leftInTurn = 0;
    }
  }

  /**
   * Counts a return from a Segue wait; a step that adds none to {@link #returns} did not happen.
   */
  void countReturn() {
    returns++;
  }

  long returns() {
    return returns;
  }

  Set<Task<?>> allTasks() {
    var tasks = new LinkedHashSet<Task<?>>();
    for (var node = root.following(root, true); node != root; node = node.following(root, true)) {
      if (node instanceof Task<?> task) {
        tasks.add(task);
      }
    }
    return tasks;
  }

  @AnyThread
  private @Nullable Callable<?> decorated(Callable<?> body) {
    return decorator == null ? body : decorator.apply(body);
  }

  @AnyThread
  @SuppressWarnings("unchecked") // a decorator returns what it was given, wrapped
  <T extends @Nullable Object> Callable<T> decorate(Callable<? extends T> body) {
    var decorated = decorated(body);
    if (decorated == null) {
      throw new IllegalStateException(
          "the task decorator of loop '" + loop.name() + "' returned null; it must return a body");
    }
    return (Callable<T>) decorated;
  }

  // --- cancellation

  /** Puts a node's request into effect. */
  @AnyThread
  void deliverCancel(CancelNode node) {
    if (isOnLoop()) {
      makeRoom();
      node.deliver();
    } else {
      wake(
          new Inbox.Message() {
            @Override
            void receive() {
              node.deliver();
            }
          });
    }
  }

  // --- what others of this package need

  @AnyThread
  EventLoop loop() {
    return loop;
  }

  @AnyThread
  Instruments instruments() {
    return instruments;
  }

  /** The top of the tree of tasks of this run, or of the last one. */
  @AnyThread
  CancelNode root() {
    return root;
  }

  @AnyThread
  TaskEngine engine() {
    return engine;
  }

  @AnyThread
  LoopClock clock() {
    return clock;
  }

  TimerHeap timers() {
    return timers;
  }

  WaitGraph waitGraph() {
    return waitGraph;
  }

  /** The waits for stages that were given up. */
  LeftCallbacks<FutureWait<?>> leftWaits() {
    return leftWaits;
  }

  UnobservedFailures unobserved() {
    return unobserved;
  }

  WorkerThreads workers() {
    return workers;
  }

  /** Something outside the loop works for a task, and will wake it. */
  void outsideWorkStarted() {
    outsideWork++;
  }

  void outsideWorkEnded() {
    outsideWork--;
  }

  /** Whether the calling thread is the loop's, or that of the task it runs. */
  @AnyThread(because = "who reads another task than its own is not on the loop, whichever it is")
  boolean isOnLoop() {
    var thread = Thread.currentThread();
    if (thread == carrier) {
      return true;
    }
    var task = current;
    return task != null && task.isRunBy(thread);
  }

  /** A number for something that this loop's tasks share. */
  long nextNumber() {
    return ++numbers;
  }

  /**
   * Brings a message to the loop, which handles all of them in the order in which they came.
   *
   * @return false if the loop is closed and all its tasks have ended
   */
  @AnyThread
  boolean wake(Inbox.Message message) {
    var pushed = inbox.push(message);
    if (pushed == Inbox.Pushed.FIRST && idle) {
      LockSupport.unpark(carrier);
    }
    return pushed != Inbox.Pushed.REFUSED;
  }

  /** Whether this is the loop, with no message left to handle before what happens here. */
  @AnyThread
  boolean isCaughtUp() {
    return isOnLoop() && inbox.isEmpty();
  }

  /** Makes room on the stack for an operation of the task that runs. */
  @AnyThread(because = "a thread that has found the task it runs is on the loop")
  void makeRoom() {
    var _ = StackRoom.make(kilobytes, (++operations & 0xFF) == 1);
  }

  /** How many tasks have not ended. */
  @AnyThread(because = "the number may be of a moment ago")
  int liveTasks() {
    return live;
  }

  /**
   * A time, as {@link System#nanoTime()} tells it, that is at most some looks of the watchdog ago:
   * it is noted by the watchdog, and by the loop when it wakes up, so that reading it costs a task
   * that begins to wait nothing.
   */
  long lately() {
    return lately;
  }

  @AnyThread
  void noteTime(long now) {
    LATELY.setOpaque(this, now);
  }

  // --- what the watchdog reads

  /** How many steps tasks have made. */
  @AnyThread
  long steps() {
    return (long) STEPS.getOpaque(this);
  }

  /** The task that runs now. */
  @AnyThread
  @Nullable Task<?> currentTask() {
    return (Task<?>) CURRENT.getOpaque(this);
  }

  /** Whether the loop waits for something to do. */
  @AnyThread
  boolean isIdle() {
    return idle;
  }

  /** The thread that serves the loop now, if any. */
  @AnyThread
  @Nullable Thread carrier() {
    return carrier;
  }
}
