package dev.segue.inspect;

import dev.segue.Instrument;
import dev.segue.Outcome;
import dev.segue.Stall;
import dev.segue.Task;
import dev.segue.Wake;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.EnumMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * An instrument that counts what one loop does, at the cost of one reading of the clock for each
 * switch from task to task. What exports the numbers somewhere may extend it.
 *
 * <p>Give it to the builder of a loop, or have {@link dev.segue.EventLoop#addInstruments} make one
 * for each loop. If it is added to a loop that runs already, the tasks that are older than it are
 * not counted.
 *
 * <p>Confined to the loop, but for {@link #statistics} and what says so.
 */
public class LoopMeter implements Instrument {
  private enum Sum {
    CREATED,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    STEPS,
    LONGEST_STEP,
    LONGEST_DELAY,
    BUSY,
    /** Since when the loop is busy, as {@link System#nanoTime} tells it; 0 if it is idle. */
    BUSY_SINCE,
    UNOBSERVED
  }

  /** A delay is measured at most this often, as Node's {@code monitorEventLoopDelay} does it. */
  private static final long NANOS_BETWEEN_DELAYS = Duration.ofMillis(10).toNanos();

  private static final VarHandle SUMS = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] sums = new long[Sum.values().length];
  private final AtomicLongArray stalls = new AtomicLongArray(Stall.Cause.values().length);
  private final long origin = System.nanoTime();
  private volatile String name = "";

  private boolean named;
  private long firstTask; // the id; those before are older than this meter
  private boolean running; // a task, since stepFrom
  private long stepFrom;
  private long delayed; // the task whose delay is being measured; 0 for none
  private long delayedFrom;
  private long delayedLate; // how late the timer that woke it was
  private long nextDelay = origin;

  private long lastStall = -1; // its step; confined to the watchdog's thread

  /** Makes a meter for one loop. */
  public LoopMeter() {}

  // --- for those that extend it

  /**
   * The loop has its first task, so that its name is known.
   *
   * @param loop the name
   */
  protected void began(String loop) {}

  /**
   * A task has made a step.
   *
   * @param nanos how long it took, in nanoseconds
   */
  protected void stepped(long nanos) {}

  /**
   * A task goes on, and its delay was measured: at most one in 10 ms, and among those that are
   * woken meanwhile the one whose timer was the latest.
   *
   * @param nanos the time since it could go on, in nanoseconds: since its timer was due, if a timer
   *     woke it
   */
  protected void delayed(long nanos) {}

  /**
   * The end of a task was counted.
   *
   * @param outcome how it ended
   */
  protected void counted(Outcome<?> outcome) {}

  /**
   * A task, or work of the loop's own, has held the loop for 50 ms. Called on the watchdog's
   * thread, once for each stall.
   *
   * @param stall what the watchdog sees
   */
  protected void stallBegan(Stall stall) {}

  // --- what it is told

  @Override
  public void created(Task<?> task) {
    if (firstTask == 0) {
      firstTask = task.id();
    }
    nameIt(task);
    add(Sum.CREATED, 1);
  }

  private void nameIt(Task<?> task) {
    if (!named) {
      named = true;
      name = task.loop().name();
      began(name);
    }
  }

  @Override
  public void ready(Task<?> task, Wake by, @Nullable Task<?> waker, long late) {
    if (delayed != 0) {
      if (late > delayedLate) {
        measureDelay(task, late, System.nanoTime());
      }
      return;
    }
    // The last reading is old where the task that runs did not wake it.
    long now = by == Wake.TIMER || by == Wake.THREAD ? System.nanoTime() : stepFrom;
    if (now - nextDelay >= 0) {
      measureDelay(task, late, System.nanoTime());
    }
  }

  private void measureDelay(Task<?> task, long late, long now) {
    delayed = task.id();
    delayedLate = late;
    delayedFrom = now - late;
  }

  @Override
  public void resumed(Task<?> task) {
    nameIt(task);
    long now = System.nanoTime();
    if (running) {
      endStep(now);
    }
    if (get(Sum.BUSY_SINCE) == 0) {
      set(Sum.BUSY_SINCE, now);
    }
    running = true;
    stepFrom = now;
    if (delayed == task.id()) {
      long nanos = now - delayedFrom;
      delayed = 0;
      nextDelay = now + NANOS_BETWEEN_DELAYS;
      raise(Sum.LONGEST_DELAY, nanos);
      delayed(nanos);
    }
  }

  private void endStep(long now) {
    long nanos = now - stepFrom;
    running = false;
    add(Sum.STEPS, 1);
    raise(Sum.LONGEST_STEP, nanos);
    stepped(nanos);
  }

  @Override
  public void idle() {
    long now = System.nanoTime();
    if (running) {
      endStep(now);
    }
    rest(now);
  }

  private void rest(long now) {
    long since = get(Sum.BUSY_SINCE);
    if (since != 0) {
      set(Sum.BUSY_SINCE, 0);
      add(Sum.BUSY, now - since);
    }
  }

  @Override
  public void done(Task<?> task, Outcome<?> outcome) {
    long now = System.nanoTime();
    if (running) {
      endStep(now);
    }
    stepFrom = now;
    if (delayed == task.id()) {
      delayed = 0; // it was cancelled before its first step
    }
    if (firstTask != 0 && task.id() >= firstTask) {
      add(
          switch (outcome) {
            case Outcome.Success<?> _ -> Sum.SUCCEEDED;
            case Outcome.Failure<?> _ -> Sum.FAILED;
            case Outcome.Cancellation<?> _ -> Sum.CANCELLED;
          },
          1);
      counted(outcome);
      if (live() == 0) {
        rest(now); // the run may be over, which nothing else tells
      }
    }
  }

  @Override
  public void unobserved(Task<?> task, Throwable failure) {
    add(Sum.UNOBSERVED, 1);
  }

  @Override
  public void stalled(Stall stall) {
    if (stall.step() != lastStall) {
      lastStall = stall.step();
      stalls.incrementAndGet(stall.cause().ordinal());
      stallBegan(stall);
    }
  }

  @Override
  public void ended() {
    rest(System.nanoTime());
  }

  // --- sums, which any thread may read

  private long get(Sum sum) {
    return sums[sum.ordinal()];
  }

  private void set(Sum sum, long value) {
    SUMS.setOpaque(sums, sum.ordinal(), value);
  }

  private void add(Sum sum, long value) {
    set(sum, get(sum) + value);
  }

  private void raise(Sum sum, long value) {
    if (value > get(sum)) {
      set(sum, value);
    }
  }

  private long look(Sum sum) {
    return (long) SUMS.getOpaque(sums, sum.ordinal());
  }

  private long live() {
    return look(Sum.CREATED) - look(Sum.SUCCEEDED) - look(Sum.FAILED) - look(Sum.CANCELLED);
  }

  /**
   * Returns what has been counted so far. Any thread, also while the loop is held. The numbers are
   * read one after the other, and the loop may go on meanwhile.
   *
   * @return the numbers now
   */
  public final LoopStatistics statistics() {
    var byCause = new EnumMap<Stall.Cause, Long>(Stall.Cause.class);
    for (var cause : Stall.Cause.values()) {
      long count = stalls.get(cause.ordinal());
      if (count > 0) {
        byCause.put(cause, count);
      }
    }
    long since = look(Sum.BUSY_SINCE);
    long now = System.nanoTime();
    long busy = look(Sum.BUSY) + (since == 0 ? 0 : Math.max(0, now - since));
    return new LoopStatistics(
        name,
        Math.max(0, live()),
        look(Sum.CREATED),
        look(Sum.SUCCEEDED),
        look(Sum.FAILED),
        look(Sum.CANCELLED),
        look(Sum.STEPS),
        Duration.ofNanos(busy),
        Duration.ofNanos(Math.max(0, now - origin - busy)),
        Duration.ofNanos(look(Sum.LONGEST_STEP)),
        Duration.ofNanos(look(Sum.LONGEST_DELAY)),
        byCause,
        look(Sum.UNOBSERVED));
  }
}
