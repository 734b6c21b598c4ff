package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a loop does not go on, because a task has not given it back, and does what can be
 * done about that from outside.
 *
 * <p>It compares the loop's count of steps with what it was at the last look, so that watching
 * costs the loop nothing. Confined to the watchdog's thread.
 */
final class StallDetector implements Watchdog.Watched {
  private static final long SHORTEST_PAUSE_NANOS = 1_000_000;

  /** For how long a task may hold the loop before instruments are told. */
  private static final long TOLD_NANOS = 50_000_000;

  /** A task that computes has at least a fiftieth of a processor, however busy the machine is. */
  private static final int LEAST_PART_OF_A_CPU = 50;

  /** After so many looks that did not fit together, it says so. */
  private static final int MOST_DISAGREEMENTS = 4;

  private final Kernel kernel;
  private final long threshold;
  private final @Nullable Consumer<Stall> handler;
  private volatile long steps = -1; // read by others
  private volatile long since; // read by others
  private long cpuFrom; // when the CPU time below was taken; 0 for not yet
  private long cpuNanos;
  private long nextReport;
  private long nextTold; // of instruments
  private boolean reported;
  private long countedFrom; // when the counts below were taken; 0 for not yet
  private JvmCounts counts = new JvmCounts(0, 0);
  private StallCauses.@Nullable Look last; // the look before, if that was the one before
  private List<StackTraceElement> common = List.of(); // of the looks so far, outermost first
  private int disagreements;

  StallDetector(Kernel kernel, Duration threshold, @Nullable Consumer<Stall> handler) {
    this.kernel = kernel;
    long nanos = Deadlines.nanos(threshold, "threshold");
    this.threshold = nanos == 0 ? Long.MAX_VALUE : nanos;
    this.handler = handler;
  }

  @AnyThread
  Kernel kernel() {
    return kernel;
  }

  /** For how long a task has held the loop, as of the last look; 0 where none does. */
  @AnyThread
  long heldNanos() {
    return kernel.steps() != steps || kernel.isIdle() ? 0 : Math.max(0, System.nanoTime() - since);
  }

  @Override
  public long look(long now, long lost) {
    kernel.noteTime(now);
    long patience = kernel.engine().patienceNanos();
    boolean tells = !kernel.instruments().isEmpty();
    long first = tells ? Math.min(threshold, TOLD_NANOS) : threshold;
    long pause = Math.min(patience, Math.max(SHORTEST_PAUSE_NANOS, first / 4));
    long seen = kernel.steps();
    var task = kernel.currentTask();
    boolean idle = kernel.isIdle();
    var carrier = kernel.carrier();
    if (seen != steps || idle || carrier == null) {
      if (reported && handler == null) {
        Log.info(
            "event loop '"
                + kernel.loop().name()
                + "' is running again after "
                + millis(now)
                + " ms");
      }
      steps = seen;
      since = now;
      cpuFrom = 0;
      countedFrom = 0;
      last = null;
      common = List.of();
      disagreements = 0;
      nextReport = threshold;
      nextTold = TOLD_NANOS;
      reported = false;
      return idle ? Watchdog.NOTHING : pause;
    }
    if (cpuFrom == 0) {
      cpuFrom = now;
      cpuNanos = CarrierCpu.nanos(kernel.carrier());
    }
    long from = since + lost;
    since = from;
    long lasted = now - from;
    boolean repaired = false;
    if (lasted >= patience && task != null) {
      EarlyInterrupt.look(task);
      repaired = kernel.engine().repair(task.thread());
    }
    if (countedFrom == 0 && lasted >= first / 2) {
      countedFrom = now;
      counts = JvmCounts.now();
    }
    var before = last;
    last = null;
    long next = tells ? Math.min(nextReport, nextTold) : nextReport;
    if (repaired || lasted >= next - pause) {
      var current = lookAt(task, task == null ? carrier : task.thread());
      var cause = repaired ? Stall.Cause.JDK_FAULT : null;
      if (cause == null && lasted >= next && before != null) {
        cause = causeOf(before, current);
      }
      if (cause != null && !hasGoneOn(current) && !Debugger.isPresent()) {
        var holder = cause == Stall.Cause.LOOP ? null : task;
        var stall =
            new Stall(
                kernel.loop(), holder, seen, Duration.ofNanos(lasted), cause, current.stack());
        if (repaired || lasted >= nextTold) {
          kernel.instruments().stalled(stall);
          nextTold = 2 * lasted;
        }
        if (repaired || lasted >= nextReport) {
          report(stall);
          reported = true;
          nextReport = 2 * Math.max(lasted, threshold);
        }
        disagreements = 0;
      }
      last = current;
    }
    return pause;
  }

  private long millis(long now) {
    return (now - since) / 1_000_000;
  }

  private StallCauses.Look lookAt(@Nullable Task<?> task, Thread thread) {
    var state = thread.getState();
    var stack = List.of(thread.getStackTrace());
    common = common.isEmpty() ? stack.reversed() : StallCauses.common(common, stack.reversed());
    return new StallCauses.Look(
        kernel.steps(), kernel.isIdle(), task, state, stack, thread.getState());
  }

  private boolean hasGoneOn(StallCauses.Look look) {
    return kernel.steps() != look.steps() || kernel.isIdle() || kernel.currentTask() != look.task();
  }

  /** The cause, if both looks tell; that they do not, if that has been so for a while. */
  private Stall.@Nullable Cause causeOf(StallCauses.Look first, StallCauses.Look second) {
    long nanos = System.nanoTime() - countedFrom;
    var computing = computing();
    var counted = JvmCounts.now().since(counts);
    var since =
        new StallCauses.Since(
            nanos,
            computing,
            counted.collectingNanos(),
            counted.classes(),
            computing == StallCauses.Computing.YES ? List.of() : JvmCounts.initializing(),
            common);
    var cause = StallCauses.of(kernel.engine().causeOfWait(), first, second, since);
    return cause == null && ++disagreements >= MOST_DISAGREEMENTS ? Stall.Cause.UNKNOWN : cause;
  }

  private void report(Stall stall) {
    try {
      if (handler == null) {
        Log.warn(stall.toString(), null);
      } else {
        handler.accept(stall);
      }
    } catch (Throwable e) {
      Log.error("the stall handler of loop '" + kernel.loop().name() + "' threw", e);
    }
  }

  /** Whether the carrier had a part of a processor lately; a task that waits has none. */
  private StallCauses.Computing computing() {
    if (kernel.engine().kind() != EventLoop.Engine.CARRIER || cpuNanos < 0) {
      return StallCauses.Computing.UNKNOWN;
    }
    long used = CarrierCpu.nanos(kernel.carrier()) - cpuNanos;
    return used > (System.nanoTime() - cpuFrom) / LEAST_PART_OF_A_CPU
        ? StallCauses.Computing.YES
        : StallCauses.Computing.NO;
  }
}
