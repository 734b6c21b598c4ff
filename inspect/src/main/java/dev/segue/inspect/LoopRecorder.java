package dev.segue.inspect;

import dev.segue.DeadlockException;
import dev.segue.EventLoop;
import dev.segue.Instrument;
import dev.segue.Outcome;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.Waiting;
import dev.segue.Wake;
import dev.segue.inspect.Tasks.Column;
import dev.segue.inspect.Tasks.Line;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of one loop, and confined to it but for {@link #recording}.
 *
 * <p>It reads the clock once for each switch from task to task: where a task goes on, ends, or the
 * loop has nothing to do. What happened since the last reading is put down to that time.
 */
final class LoopRecorder implements Instrument {
  /** The loop may spend a fiftieth of its time on finding lines: each takes some microseconds. */
  private static final int PART_FOR_LINES = 50;

  /** The first ones, whose classes are loaded, take milliseconds, and are not charged for that. */
  private static final long MOST_NANOS_OF_A_LINE = 10_000;

  private static final long NANOS_SAVED_FOR_LINES = 20_000_000;

  /** After so many yields, and each time that has doubled, the line is found. */
  private static final long YIELDS_TO_FIRST_LINE = 512;

  private static final int MOST_NOTES = 256;
  private static final int MOST_DEADLOCKS = 8;

  /** How long a recording waits for a loop to tell what its tasks do. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final int READY = State.READY.ordinal();
  private static final int RUNNING = State.RUNNING.ordinal();

  private final long origin; // of the recorder's times
  private final Ring ring;
  private final Tasks tasks;

  private final @Nullable String givenName;
  private volatile @Nullable EventLoop loop; // null until it has run a task

  private int running = Tasks.NONE; // the row of the task that runs, or ran last

  /** What it does since it stopped, not yet accounted for: an ordinal of {@link State}. */
  private int next = Tasks.NO_STATE;

  // Tasks that became ready, not yet accounted for: the row and since when, -1 for the next
  // reading.
  private long[] woken = new long[32];
  private int wokenCount;

  private long last; // the last reading of the clock
  private long linesUntil = -NANOS_SAVED_FOR_LINES; // for which time lines have been found

  private long lastStall = -1; // its step; confined to the watchdog's thread

  // Shared with the watchdog, and those who look from outside.
  private final Notes<StallRecord> stalls = new Notes<>(MOST_NOTES);
  private final Notes<FailureRecord> failures = new Notes<>(MOST_NOTES);
  private final Notes<WaitGraph> deadlocks = new Notes<>(MOST_DEADLOCKS);

  LoopRecorder(long origin, int events, @Nullable String givenName) {
    this.origin = origin;
    this.givenName = givenName;
    this.ring = new Ring(events);
    this.tasks = new Tasks(Math.max(1, events / 8));
  }

  private long now() {
    return System.nanoTime() - origin;
  }

  // --- what it is told

  @Override
  public void created(Task<?> task) {
    int row = row(task);
    if (mayFindLine()) {
      findLine(row, Line.CREATED);
    }
  }

  @Override
  public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
    int row = row(task);
    long wakerId = waker == null ? 0 : waker.id();
    ring.put(Event.of(by), late, task.id(), wakerId);
    if (by == Wake.YIELD) {
      tasks.add(row, Column.YIELDS, 1);
      tasks.set(row, Column.LAST_WAIT, 0);
      stops(row, State.READY);
      return;
    }
    if (by == Wake.START) {
      tasks.set(row, Column.PARENT, wakerId);
    }
    if (wokenCount == woken.length) {
      woken = Arrays.copyOf(woken, 2 * wokenCount);
    }
    woken[wokenCount++] = row;
    woken[wokenCount++] = late;
  }

  @Override
  public void resumed(Task<?> task) {
    long now = now();
    settle(now);
    ring.put(Event.RESUMED, now, task.id(), 0);
    running = row(task);
    tasks.enter(running, RUNNING, now);
    tasks.add(running, Column.STEPS, 1);
  }

  @Override
  public void waiting(Task<?> task, Waiting on) {
    long what = ((long) on.kind().ordinal() << 24) | (on.number() & 0xFF_FFFF);
    ring.put(Event.WAITS, 0, task.id(), what);
    stops(row(task), State.WAITING);
  }

  @Override
  public void returned(Task<?> task) {
    int row = running;
    if (row == Tasks.NONE) {
      return; // it ran before the recording began
    }
    long waited = tasks.get(row, Column.LAST_WAIT);
    if (waited > tasks.get(row, Column.LOCATED_WAIT)) {
      if (mayFindLine()) {
        tasks.set(row, Column.LOCATED_WAIT, waited);
        findLine(row, Line.WAITED);
      }
    } else if (waited == 0) {
      long yields = tasks.get(row, Column.YIELDS);
      if (yields >= YIELDS_TO_FIRST_LINE && Long.bitCount(yields) == 1) {
        findLine(row, Line.YIELDED);
      }
    }
  }

  /** Whether another stack is within what the loop may spend on them. */
  private boolean mayFindLine() {
    return linesUntil < last;
  }

  private void findLine(int row, Line line) {
    long from = now();
    tasks.set(row, line, Frames.here());
    long spent = Math.min(now() - from, MOST_NANOS_OF_A_LINE);
    linesUntil = Math.max(linesUntil, last - NANOS_SAVED_FOR_LINES) + PART_FOR_LINES * spent;
  }

  private void stops(int row, State then) {
    running = row; // it may run since before the recording began
    next = then.ordinal();
  }

  @Override
  public void idle() {
    long now = now();
    settle(now);
    ring.put(Event.IDLE, now, 0, 0);
  }

  @Override
  public void done(Task<?> task, Outcome<?> outcome) {
    long now = now();
    settle(now);
    ring.put(Event.DONE, now, task.id(), 0);
    int row = row(task);
    tasks.enter(row, RUNNING, now);
    tasks.end(
        row,
        switch (outcome) {
          case Outcome.Success<?> _ -> Ending.SUCCESS;
          case Outcome.Failure<?> _ -> Ending.FAILURE;
          case Outcome.Cancellation<?> _ -> Ending.CANCELLATION;
        });
  }

  @Override
  public void unobserved(Task<?> task, Throwable failure) {
    boolean end = task.state() == Future.State.FAILED && task.exceptionNow().equals(failure);
    failures.add(
        new FailureRecord(
            task.id(),
            task.name(),
            now(),
            failure.toString(),
            end,
            List.of(failure.getStackTrace())));
  }

  @Override
  public void deadlocked(DeadlockException deadlock) {
    if (!deadlocks.isFull()) {
      deadlocks.add(WaitGraph.of(deadlock, now()));
    }
  }

  @Override
  public void abandoned(Task<?> task, long lock) {
    if (!deadlocks.isFull()) {
      deadlocks.add(WaitGraph.of(task.loop().snapshot(Duration.ZERO), now(), task, lock));
    }
  }

  /** On the watchdog's thread. */
  @Override
  public void stalled(Stall stall) {
    long to = now();
    var task = stall.task();
    var seen =
        new StallRecord(
            task == null ? 0 : task.id(),
            to - stall.lasted().toNanos(),
            to,
            stall.cause(),
            stall.stack());
    if (stall.step() == lastStall) {
      stalls.replaceLast(seen);
    } else {
      lastStall = stall.step();
      stalls.add(seen);
    }
  }

  // --- sums

  /** The row of a task, which may be older than the recording. */
  private int row(Task<?> task) {
    long id = task.id();
    if (running != Tasks.NONE && tasks.get(running, Column.ID) == id) {
      return running; // what stops is what ran
    }
    int row = tasks.find(id);
    return row == Tasks.NONE ? newRow(task) : row;
  }

  private int newRow(Task<?> task) {
    if (loop == null) {
      loop = task.loop();
    }
    return tasks.add(task.id(), task.name());
  }

  /** Accounts for what has happened since the last reading of the clock. */
  private void settle(long now) {
    last = now;
    if (next != Tasks.NO_STATE) {
      tasks.enter(running, next, now);
      next = Tasks.NO_STATE;
    }
    for (int i = 0; i < wokenCount; i += 2) {
      int row = (int) woken[i];
      // With a virtual clock a timer may have been due before the wait began.
      tasks.enter(row, READY, Math.max(now - woken[i + 1], tasks.get(row, Column.SINCE)));
    }
    wokenCount = 0;
  }

  // --- from outside

  /** Whether it is this loop that it records. Any thread. */
  boolean records(EventLoop other) {
    return loop == other;
  }

  /** What has been recorded. Any thread; null as long as no task has been seen. */
  @Nullable LoopRecording recording() {
    var known = loop;
    if (known == null) {
      return null;
    }
    var graphs = new ArrayList<>(deadlocks.copy());
    var snapshot = known.snapshot(PATIENCE);
    if (!snapshot.tasks().isEmpty()) {
      graphs.add(WaitGraph.of(snapshot, now(), null));
    }
    var entries = ring.copy();
    var rows = tasks.copy();
    long now = now();
    var spans = Spans.of(entries, now);
    return new LoopRecording(
        givenName == null ? known.name() : givenName,
        TaskRecord.of(rows, now),
        spans,
        Holds.of(stalls.copy(), spans),
        failures.copy(),
        graphs,
        entries.lost(),
        rows.lost());
  }
}
