package dev.segue.inspect;

import dev.segue.Outcome;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.Waiting;
import dev.segue.Wake;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Commits the events of one loop while a recording runs. Confined as {@link LoopMeter} is. */
final class JfrLoop extends LoopMeter {
  private static final int MOST_FRAMES = 32;

  /** What is known of a task that lives. */
  private static final class State {
    final JfrEvent.Task event = new JfrEvent.Task();
    JfrEvent.@Nullable Wait wait;
    long readySince; // 0 if it is not
    long readyBefore; // the step
  }

  private final Consumer<JfrLoop> whenEnded;
  private final Map<Task<?>, State> tasks = new HashMap<>();
  private @Nullable State running;
  private long runningSince;
  private volatile boolean off;
  private LoopStatistics before = statistics(); // confined to the thread of periodic events

  JfrLoop(Consumer<JfrLoop> whenEnded) {
    this.whenEnded = whenEnded;
  }

  /**
   * The recording has ended: nothing more is told until the loop has let go of this. Any thread.
   */
  void turnOff() {
    off = true;
  }

  private State state(Task<?> task) {
    var state = tasks.get(task);
    if (state == null) {
      state = new State();
      state.event.begin();
      tasks.put(task, state);
    }
    return state;
  }

  private static String id(Task<?> task) {
    return task.loop().name() + "#" + task.id();
  }

  @Override
  public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
    super.ready(task, by, waker, late);
    if (off) {
      return;
    }
    var state = state(task);
    state.readySince = System.nanoTime();
    if (by == Wake.START) {
      state.event.parentId = waker == null ? null : id(waker);
    }
    if (state.wait != null) {
      state.wait.wokenBy = by.name().toLowerCase(Locale.ROOT);
      state.wait.wakerId = waker == null ? null : id(waker);
    }
  }

  @Override
  public void resumed(Task<?> task) {
    super.resumed(task);
    if (off) {
      return;
    }
    long now = System.nanoTime();
    endStep(now);
    var state = state(task);
    state.readyBefore = state.readySince == 0 ? 0 : now - state.readySince;
    state.event.ready += state.readyBefore;
    state.event.steps++;
    state.readySince = 0;
    running = state;
    runningSince = now;
  }

  private void endStep(long now) {
    var state = running;
    if (state != null) {
      running = null;
      state.event.running += now - runningSince;
      state.event.longestStep = Math.max(state.event.longestStep, now - runningSince);
    }
  }

  @Override
  public void idle() {
    super.idle();
    endStep(System.nanoTime());
  }

  @Override
  public void waiting(Task<?> task, Waiting on) {
    if (!off && on.kind() != Waiting.Kind.JDK) { // whose return is not told
      var wait = new JfrEvent.Wait();
      state(task).wait = wait;
      wait.waitsFor = text(on);
      wait.begin();
    }
  }

  /** Not {@link Waiting#describe}, which takes longer, for what may be too short to be recorded. */
  private static String text(Waiting on) {
    var kind = on.kind().name().toLowerCase(Locale.ROOT);
    return on.number() == 0 ? kind : kind + " " + on.number();
  }

  @Override
  public void returned(Task<?> task) {
    var state = tasks.get(task);
    var wait = state == null ? null : state.wait;
    if (state != null && wait != null) {
      state.wait = null;
      wait.end();
      if (wait.shouldCommit()) {
        wait.task = task.name();
        wait.taskId = id(task);
        var line = Frames.here();
        wait.where = line == null ? null : line.toString();
        wait.ready = state.readyBefore;
        wait.commit();
      }
    }
  }

  @Override
  public void done(Task<?> task, Outcome<?> outcome) {
    super.done(task, outcome);
    endStep(System.nanoTime());
    var state = tasks.remove(task);
    if (state != null && !off) {
      var event = state.event;
      event.end();
      if (event.shouldCommit()) {
        event.task = task.name();
        event.taskId = id(task);
        event.outcome =
            switch (outcome) {
              case Outcome.Success<?> _ -> "success";
              case Outcome.Failure<?>(var cause) -> cause.toString();
              case Outcome.Cancellation<?>(var cause) -> cause.toString();
            };
        event.commit();
      }
    }
  }

  @Override
  public void stalled(Stall stall) {
    super.stalled(stall);
    var event = new JfrEvent.Stall();
    if (!off && event.shouldCommit()) {
      var task = stall.task();
      event.loop = stall.loop().name();
      event.task = task == null ? null : task.name();
      event.taskId = task == null ? null : id(task);
      event.lasted = stall.lasted().toNanos();
      event.cause = stall.cause().name().toLowerCase(Locale.ROOT);
      event.advice = stall.cause().remedy();
      event.stack =
          stall.stack().stream()
              .limit(MOST_FRAMES)
              .map(StackTraceElement::toString)
              .collect(Collectors.joining("\n"));
      event.commit();
    }
  }

  @Override
  public void ended() {
    super.ended();
    whenEnded.accept(this);
  }

  /** Commits the periodic event. */
  void tellStatistics() {
    var now = statistics();
    if (now.loop().isEmpty()) {
      return;
    }
    var event = new JfrEvent.LoopStatistics();
    event.loop = now.loop();
    event.utilization = now.utilizationSince(before);
    event.liveTasks = now.liveTasks();
    event.createdTasks = now.createdTasks() - before.createdTasks();
    event.endedTasks = ended(now) - ended(before);
    event.steps = now.steps() - before.steps();
    event.longestStep = now.longestStep().toNanos();
    event.longestDelay = now.longestDelay().toNanos();
    before = now;
    event.commit();
  }

  private static long ended(LoopStatistics seen) {
    return seen.succeededTasks() + seen.failedTasks() + seen.cancelledTasks();
  }
}
