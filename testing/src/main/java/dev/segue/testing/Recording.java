package dev.segue.testing;

import dev.segue.DeadlockException;
import dev.segue.Outcome;
import dev.segue.Waiting;
import dev.segue.Wake;
import dev.segue.inspect.WaitGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What happened in a simulation, step by step, with the places in the program. Loop-confined. */
final class Recording {
  private static final int LONGEST = 40; // message of an exception

  /** One line of it. */
  sealed interface Entry permits Step, Note {}

  /** A task ran until it waited or ended. */
  static final class Step implements Entry {
    final int task;
    String site = "";
    String end = "";
    boolean located;

    /** Whether it ended in a wait for tasks to end, as of the one that has started them. */
    boolean joins;

    /** What let the task run. */
    final Woken woken;

    /** As {@code "for lock 2"}; empty where the task waits for its turn, or has ended. */
    String waitsFor = "";

    Step(int task, Woken woken) {
      this.task = task;
      this.woken = woken;
    }

    /** Where it ended and how, in words. */
    String text() {
      return site.isEmpty() ? end : end.isEmpty() ? site : site + ", " + end;
    }
  }

  /**
   * A task could run.
   *
   * @param after the last step before that; null at the beginning
   * @param by what let it run
   * @param waker the number of the task that did; -1 if none did
   */
  record Woken(@Nullable Step after, Wake by, int waker) {}

  /**
   * What the explorer did.
   *
   * @param task the number of the task that it was done to; -1 for none
   * @param text in words
   */
  record Note(int task, String text) implements Entry {}

  private final List<SimulatedTask> tasks = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<SimulatedTask, Step> last = new HashMap<>(); // that ended in a wait
  private final Map<SimulatedTask, String> waits = new HashMap<>();
  private final Map<SimulatedTask, Woken> woken = new HashMap<>(); // that have not run since
  private final Map<Integer, Future.State> ends = new HashMap<>();
  private @Nullable Step current;
  private @Nullable Step latest; // to have begun
  private @Nullable WaitGraph graph;

  /** How many tasks there were. */
  int tasks() {
    return names.size();
  }

  /** How a task ended, if it did. */
  Future.State end(int task) {
    return ends.getOrDefault(task, Future.State.RUNNING);
  }

  /** Who waited for whom in the last deadlock; null if there was none, or nothing can draw it. */
  @Nullable WaitGraph graph() {
    return graph;
  }

  /** All that happened, in its order. */
  List<Entry> all() {
    return entries;
  }

  /**
   * What is worth telling: not the steps of a main task that does nothing but start others, wait
   * for them, and fail if they do.
   */
  List<Entry> entries() {
    boolean onlyJoins =
        entries.stream()
            .allMatch(entry ->
                !(entry instanceof Step step)
                    || step.task != 0
                    || step.joins
                    || !step.end.isEmpty());
    return entries.stream()
        .filter(entry -> !onlyJoins || !(entry instanceof Step step) || step.task != 0)
        .toList();
  }

  /** All of it as lines, by which two runs are compared. */
  List<String> lines() {
    return entries.stream()
        .map(entry ->
            switch (entry) {
              case Step step -> "'" + name(step.task) + "' ran: " + step.text();
              case Note(_, var text) -> text;
            })
        .toList();
  }

  String name(int task) {
    return names.get(task);
  }

  void created(SimulatedTask task) {
    tasks.add(task);
    names.add(task.task.name());
  }

  void held(SimulatedTask task) {
    note(task, task.task.name() + " is held here: the others go first");
  }

  void cancelled(SimulatedTask task) {
    note(task, task.task.name() + " is cancelled here");
  }

  void slow(SimulatedTask task, long nanos) {
    note(
        task,
        "the next step of "
            + task.task.name()
            + " takes "
            + words(nanos)
            + ": a timer is due after it");
  }

  void chosen(SimulatedTask task, String name, String value) {
    note(task, task.task.name() + " gets " + name + " = " + value);
  }

  void timePasses(long nanos) {
    entries.add(new Note(-1, words(nanos) + " pass"));
  }

  private void note(SimulatedTask task, String text) {
    entries.add(new Note(task.number, text));
  }

  private static String words(long nanos) {
    return Duration.ofNanos(nanos).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  void resumed(SimulatedTask task) {
    var by = woken.remove(task);
    current = new Step(task.number, by == null ? new Woken(latest, Wake.THREAD, -1) : by);
    latest = current;
    entries.add(current);
    waits.remove(task);
  }

  void ready(SimulatedTask task, Wake by, @Nullable SimulatedTask waker) {
    if (by == Wake.YIELD) {
      pause(task);
    }
    woken.put(task, new Woken(latest, by, waker == null ? -1 : waker.number));
  }

  /** As if the wait had not been. */
  void goesOn(SimulatedTask task) {
    current = last.get(task);
    if (current != null) {
      current.waitsFor = "";
    }
    waits.remove(task);
    woken.remove(task);
  }

  void waiting(SimulatedTask task, Waiting on) {
    var text = on.kind() == Waiting.Kind.JDK ? "in the JDK" : "for " + on.describe();
    waits.put(task, "waits " + text);
    pause(task);
    if (current != null) {
      current.waitsFor = text;
      current.joins =
          switch (on.kind()) {
            case TASK, TASKS, GROUP -> true;
            default -> false;
          };
    }
    if (on.kind() == Waiting.Kind.JDK && current != null) {
      current.site = Sites.of(task.task.stack()); // nobody is told when it returns
    }
  }

  private void pause(SimulatedTask task) {
    if (current != null && current.task == task.number) {
      current.located = false;
      last.put(task, current);
    }
  }

  /** On the task's own thread, in the wait that is over. */
  void returned(SimulatedTask task) {
    var step = last.get(task);
    if (step != null && !step.located) {
      step.located = true;
      step.site = Sites.of(List.of(Thread.currentThread().getStackTrace()));
    }
  }

  void done(SimulatedTask task, Outcome<?> outcome) {
    if (current != null && current.task == task.number) {
      current.end =
          switch (outcome) {
            case Outcome.Success<?> _ -> "ends";
            case Outcome.Failure<?>(Runner.LeftBehind _) -> "ends";
            case Outcome.Failure<?>(var cause) -> "fails: " + describe(cause);
            case Outcome.Cancellation<?> _ -> "ends, cancelled";
          };
    }
    ends.put(
        task.number,
        switch (outcome) {
          case Outcome.Success<?> _ -> Future.State.SUCCESS;
          case Outcome.Failure<?> _ -> Future.State.FAILED;
          case Outcome.Cancellation<?> _ -> Future.State.CANCELLED;
        });
    waits.remove(task);
  }

  /** As an exception that says so is about to be thrown. */
  void deadlocked(DeadlockException deadlock) {
    if (SchedulePage.isPossible()) {
      graph = SchedulePage.graph(deadlock);
    }
  }

  /** All tasks wait. */
  void stuck() {
    if (SchedulePage.isPossible() && !tasks.isEmpty()) {
      graph = SchedulePage.graph(tasks.getFirst().task.loop());
    }
  }

  /** The name and, if it is short, the message: the report begins with that of the failure. */
  private static String describe(Throwable thrown) {
    var root = Run.root(thrown);
    var name = root.getClass().getSimpleName();
    var message = String.valueOf(root.getMessage());
    return message.length() > LONGEST || message.contains("\n") ? name : name + ": " + message;
  }

  /** Lets the program's objects go, once the run is over; what happened stays. */
  void forgetTasks() {
    tasks.clear();
    last.clear();
    waits.clear();
    woken.clear();
  }

  /** Those tasks that still wait, for what, and where. */
  List<String> openWaits() {
    return tasks.stream()
        .filter(waits::containsKey)
        .map(task -> {
          var step = last.get(task);
          var site = step == null || step.site.isEmpty() ? "" : ", at " + step.site;
          return task.task.name() + " " + waits.get(task) + site;
        })
        .toList();
  }
}
