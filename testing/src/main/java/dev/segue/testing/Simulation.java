package dev.segue.testing;

import dev.segue.Action;
import dev.segue.Async;
import dev.segue.CancelScope;
import dev.segue.DeadlockException;
import dev.segue.Instrument;
import dev.segue.LoopClock;
import dev.segue.Outcome;
import dev.segue.RunAbandoned;
import dev.segue.Schedule;
import dev.segue.Task;
import dev.segue.Waiting;
import dev.segue.Wake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a body in which a {@link Chooser} decides what an ordinary loop leaves to chance: the
 * loop's schedule, clock and observer in one, since each decision needs all three. Confined to the
 * loop.
 */
final class Simulation implements Schedule, Instrument, LoopClock {
  /** What there is to choose from. */
  enum Choice {
    /** Which ready task runs next; those before it in the queue stay back. */
    NEXT,
    /** Which scope is cancelled now, or none. */
    CANCEL,
    /** Whether the step that begins lasts until the next timer is due. */
    SLOW,
    /** What a body's {@link Choices} return. */
    VALUE
  }

  /** After so many steps a task that stays back goes on: others may spin until it has run. */
  private static final int LONGEST_HOLD = 200;

  /** What tasks may do after a run has been given up, to end. */
  private static final int STEPS_TO_UNWIND = 10_000;

  private final Limits limits;
  private final Chooser chooser;
  private final @Nullable Recording places; // is told where waits were, to the very end
  private final Runner runner;
  private final OtherThreads others;

  private final Map<Task<?>, SimulatedTask> tasks = new HashMap<>();
  private final ArrayList<SimulatedTask> ready = new ArrayList<>();
  private final ArrayList<OpenScope> scopes = new ArrayList<>();
  private final ArrayList<Decision> made = new ArrayList<>();

  private @Nullable Recording recording; // null also once the run has been given up
  private @Nullable SimulatedTask running;
  private Choice choice = Choice.NEXT; // what is chosen now
  private int ways;
  private @Nullable SimulatedTask chosen;

  private int choices; // so far
  private int steps;
  private int heldSince;
  private int cancelsLeft;
  private boolean cancelling; // what it wakes is not woken by another thread
  private int slowStepsLeft;
  private boolean slow; // the step that runs
  private long earliest = Long.MAX_VALUE; // timer
  private volatile long now;
  private long course = 1;

  private int readyBefore = -1; // so many were ready before the loop was held for other threads
  private int passing; // so many are ready to go on with the step that they were in

  private Interleaving.@Nullable Kind verdict; // once the run is over, though its tasks have to end
  private int unwound; // steps since then

  Simulation(Limits limits, Chooser chooser, @Nullable Recording recording, Runner runner) {
    this.limits = limits;
    this.chooser = chooser;
    this.places = recording;
    this.recording = recording;
    this.runner = runner;
    this.others = new OtherThreads(runner);
    this.cancelsLeft = limits.cancels();
    this.slowStepsLeft = limits.slowSteps();
  }

  // --- what a chooser and the explorer ask

  Choice choice() {
    return choice;
  }

  /** In how many ways the run may go on here. */
  int ways() {
    return ways;
  }

  /**
   * What departs in a way above 0. The ways of {@link Choice#NEXT} add up: way 2 makes decisions 1
   * and 2.
   */
  Decision decision(int way) {
    return switch (choice) {
      case NEXT -> {
        var stays = ready.get(way - 1);
        yield Decision.hold(stays.number, stays.steps);
      }
      case CANCEL -> {
        var scope = scopes.get(way - 1);
        yield Decision.cancel(scope.owner.number, scope.number, scope.opportunities);
      }
      case SLOW -> {
        var starts = Objects.requireNonNull(chosen);
        yield Decision.slow(starts.number, starts.steps);
      }
      case VALUE -> {
        var asks = Objects.requireNonNull(running);
        yield Decision.value(asks.number, asks.values, way);
      }
    };
  }

  /** The tasks to choose from, in the order in which an ordinary loop would take them. */
  List<SimulatedTask> ready() {
    return ready;
  }

  /** How many choices there have been. */
  int choices() {
    return choices;
  }

  /** A hash of all that has happened, by which two runs are told apart. */
  long course() {
    return course;
  }

  List<Decision> made() {
    return made;
  }

  /** Why the run was given up; null if it was not. */
  Interleaving.@Nullable Kind verdict() {
    return verdict;
  }

  /** Gives the run up: the loop cancels the tasks, and asks this on until they have ended. */
  private RunAbandoned giveUp(Interleaving.Kind kind, String message) {
    if (verdict == null) {
      verdict = kind;
      recording = null;
    }
    return new RunAbandoned(message);
  }

  private int choose(Choice what, int count) {
    if (verdict != null) {
      return 0;
    }
    choices++;
    choice = what;
    ways = count;
    int way = chooser.choose(this);
    note(count, 0x40 + way);
    for (int each = what == Choice.NEXT ? 1 : way; each <= way && way > 0; each++) {
      made.add(decision(each));
    }
    return way;
  }

  private void note(int what, int more) {
    if (verdict != null) {
      return;
    }
    course = (course * 31 + what) * 0x9E3779B97F4A7C15L + more;
  }

  private void noteWait(SimulatedTask task, Waiting.Kind kind) {
    note(kind.name().hashCode(), task.number);
  }

  private SimulatedTask known(Task<?> task) {
    return Objects.requireNonNull(tasks.get(task));
  }

  // --- the schedule

  @Override
  public void add(Task<?> task) {
    ready.add(known(task));
  }

  /**
   * One at most, so that a turn is a step, and arrivals and timers are looked at before each. None
   * as long as the loop is to wait for other threads.
   */
  @Override
  public int size() {
    if (passing > 0) {
      return 1;
    }
    if (others.holdsLoop()) {
      if (readyBefore < 0) {
        readyBefore = ready.size();
      }
      return 0;
    }
    if (readyBefore >= 0) {
      // Threads have brought these in some order of theirs. An order is for the chooser to choose.
      ready
          .subList(Math.min(readyBefore, ready.size()), ready.size())
          .sort((one, other) -> Integer.compare(one.number, other.number));
      readyBefore = -1;
    }
    return Math.min(1, ready.size());
  }

  @Override
  public Task<?> next() {
    if (verdict != null ? ++unwound > STEPS_TO_UNWIND : ++steps > limits.steps()) {
      throw giveUp(
          Interleaving.Kind.STEPS, "no end after " + limits.steps() + " steps: tasks keep running");
    }
    refuseIfStopped();
    if (passing > 0) {
      return nextPassing().task;
    }
    others.stepped();
    running = null;
    var _ = chooseCancel();
    var next = chooseNext();
    chosen = next;
    chooseSlow();
    return next.task;
  }

  private SimulatedTask nextPassing() {
    int index = 0;
    while (!ready.get(index).passing) {
      index++;
    }
    if (index < readyBefore) {
      readyBefore--;
    }
    return ready.remove(index);
  }

  private void refuseIfStopped() {
    if (runner.isStopped() && verdict == null) {
      throw giveUp(Interleaving.Kind.STEPS, "stopped");
    }
  }

  /** Returns whether a scope was cancelled. */
  private boolean chooseCancel() {
    int way = cancelsLeft == 0 || scopes.isEmpty() ? 0 : choose(Choice.CANCEL, scopes.size() + 1);
    if (way > 0) {
      var open = scopes.remove(way - 1);
      cancelsLeft--;
      if (recording != null) {
        recording.cancelled(open.owner);
      }
      cancelling = true;
      open.scope.cancel("the explorer tries what happens if this is cancelled here");
      cancelling = false;
    }
    for (var scope : scopes) {
      scope.opportunities++;
    }
    return way > 0;
  }

  private SimulatedTask chooseNext() {
    if (steps - heldSince > LONGEST_HOLD) {
      for (var each : ready) {
        each.held = false;
      }
    }
    for (int i = 0, left = ready.size(); left > 0; left--) {
      if (ready.get(i).held) {
        ready.add(ready.remove(i));
      } else {
        i++;
      }
    }
    int way = ready.size() == 1 ? 0 : choose(Choice.NEXT, ready.size());
    for (int i = 0; i < way; i++) {
      var stays = ready.get(i);
      stays.held = true;
      heldSince = steps;
      if (recording != null) {
        recording.held(stays);
      }
    }
    var next = ready.remove(way);
    next.held = false;
    return next;
  }

  private void chooseSlow() {
    if (slowStepsLeft > 0 && earliest != Long.MAX_VALUE && earliest > now) {
      slow = choose(Choice.SLOW, 2) == 1;
      if (slow) {
        slowStepsLeft--;
        if (recording != null) {
          recording.slow(Objects.requireNonNull(chosen), earliest - now);
        }
      }
    }
  }

  // --- the observer

  @Override
  public void created(Task<?> task) {
    var known = new SimulatedTask(task, tasks.size());
    tasks.put(task, known);
    note(1, known.number);
    chooser.created(known);
    if (recording != null) {
      recording.created(known);
    }
  }

  @Override
  public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
    var known = known(task);
    if (known.waitsFor == Waiting.Kind.JDK && (by != Wake.THREAD || cancelling)) {
      noteWait(known, Waiting.Kind.JDK);
    }
    if (others.woken(known, cancelling ? Wake.TASK : by)) {
      goesOnLater(known);
    }
    if (recording != null) {
      recording.ready(known, by, waker == null ? null : tasks.get(waker));
    }
  }

  private void goesOnLater(SimulatedTask task) {
    task.passing = true;
    passing++;
  }

  @Override
  public void resumed(Task<?> task) {
    var known = known(task);
    running = known;
    if (known.passing) {
      known.passing = false;
      passing--;
      if (recording != null) {
        recording.goesOn(known);
      }
      return;
    }
    known.steps++;
    note(2, known.number);
    if (recording != null) {
      recording.resumed(known);
    }
  }

  @Override
  public void waiting(Task<?> task, Waiting on) {
    var known = known(task);
    if (ready.contains(known)) { // the JDK wait was over before it had begun
      goesOnLater(known);
      return;
    }
    others.waiting(known, on);
    if (on.kind() != Waiting.Kind.JDK) { // else it depends on who ends it
      noteWait(known, on.kind());
    }
    if (recording != null) {
      recording.waiting(known, on);
    }
  }

  @Override
  public void returned(Task<?> task) {
    if (places != null) {
      places.returned(known(task));
    }
  }

  @Override
  public void done(Task<?> task, Outcome<?> outcome) {
    var known = known(task);
    note(outcome instanceof Outcome.Success ? 3 : 4, known.number);
    if (recording != null) {
      recording.done(known, outcome);
    }
  }

  @Override
  public void deadlocked(DeadlockException deadlock) {
    if (recording != null) {
      recording.deadlocked(deadlock);
    }
  }

  // --- the clock

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Instant instant() {
    return VirtualClock.START.plusNanos(now);
  }

  @Override
  public void beginTurn(long nextTimer) {
    if (slow) {
      slow = false;
      now = Math.max(now, earliest);
    }
    earliest = nextTimer;
  }

  @Override
  public boolean skipTo(long deadline) {
    if (others.mayCompleteStages()) {
      return false; // they get a moment first
    }
    return passTime(deadline);
  }

  /** Passes time until then, unless a task is cancelled in its wait instead. */
  private boolean passTime(long deadline) {
    if (chooseCancel()) {
      return false;
    }
    if (recording != null) {
      recording.timePasses(deadline - now);
    }
    now = deadline;
    return true;
  }

  /** Called when no task is ready, and nothing has arrived from other threads. */
  @Override
  public long realNanosUntil(long deadline) {
    refuseIfStopped();
    long nanos = others.nanosToWait();
    if (nanos > 0 || !ready.isEmpty()) {
      return nanos;
    }
    if (deadline == Long.MAX_VALUE) {
      if (recording != null) {
        recording.stuck();
      }
      throw giveUp(Interleaving.Kind.DEADLOCK, "all tasks wait, and nothing can wake them");
    }
    var _ = passTime(deadline);
    return 0;
  }

  // --- what the body asks

  /** The one that the calling task runs in; null in an ordinary loop. */
  static @Nullable Simulation current() {
    return Async.currentLoop().clock() instanceof Simulation simulation ? simulation : null;
  }

  /** Chooses one of several values. */
  <T extends @Nullable Object> T chooseValue(String name, List<T> values) {
    var asks = Objects.requireNonNull(running);
    asks.values++;
    var value = values.get(values.size() == 1 ? 0 : choose(Choice.VALUE, values.size()));
    if (recording != null) {
      recording.chosen(asks, name, String.valueOf(value));
    }
    return value;
  }

  /**
   * Runs a body in a scope that may be cancelled at any wait; returns whether it came to its end.
   */
  <X extends Throwable> boolean runCancellable(Action<X> body) throws X {
    var open = new OpenScope(Objects.requireNonNull(running), CancelScope.create());
    scopes.add(open);
    try {
      return open.scope.run(body);
    } finally {
      scopes.remove(open);
    }
  }
}
