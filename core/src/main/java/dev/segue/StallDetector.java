package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.lang.System.Logger.Level;
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

  /** A task that computes has at least a fiftieth of a processor, however busy the machine is. */
  private static final int LEAST_PART_OF_A_CPU = 50;

  private final Kernel kernel;
  private final long threshold;
  private final @Nullable Consumer<Stall> handler;
  private long steps = -1;
  private long since;
  private long cpuFrom; // when the CPU time below was taken; 0 for not yet
  private long cpuNanos;
  private long nextReport;
  private boolean reported;

  StallDetector(Kernel kernel, Duration threshold, @Nullable Consumer<Stall> handler) {
    this.kernel = kernel;
    long nanos = Deadlines.nanos(threshold, "threshold");
    this.threshold = nanos == 0 ? Long.MAX_VALUE : nanos;
    this.handler = handler;
  }

  @Override
  public long look(long now, long lost) {
    long patience = kernel.engine().patienceNanos();
    long pause = Math.min(patience, Math.max(SHORTEST_PAUSE_NANOS, threshold / 4));
    long seen = kernel.steps();
    var task = kernel.currentTask();
    boolean idle = kernel.isIdle();
    if (seen != steps || idle || task == null) {
      if (reported && handler == null) {
        Log.log(
            Level.INFO,
            "event loop '"
                + kernel.loop().name()
                + "' is running again after "
                + millis(now)
                + " ms");
      }
      steps = seen;
      since = now;
      cpuFrom = 0;
      nextReport = threshold;
      reported = false;
      return idle ? Watchdog.NOTHING : pause;
    }
    if (cpuFrom == 0) {
      cpuFrom = now;
      cpuNanos = CarrierCpu.nanos(kernel.carrier());
    }
    since += lost;
    long lasted = now - since;
    boolean repaired = false;
    if (lasted >= patience) {
      EarlyInterrupt.look(task);
      repaired = kernel.engine().repair(task.thread());
    }
    if ((lasted >= nextReport || repaired) && kernel.steps() == seen && !Debugger.isPresent()) {
      report(task, lasted, repaired);
      reported = true;
      nextReport = 2 * Math.max(lasted, threshold);
    }
    return pause;
  }

  private long millis(long now) {
    return (now - since) / 1_000_000;
  }

  private void report(Task<?> task, long lasted, boolean repaired) {
    var thread = task.thread();
    var stack = thread.getStackTrace();
    var cause =
        repaired
            ? Stall.Cause.JDK_FAULT
            : kernel.engine().causeOf(thread.getState(), stack, isComputing());
    var stall = new Stall(kernel.loop(), task, Duration.ofNanos(lasted), cause, List.of(stack));
    try {
      if (handler == null) {
        Log.log(Level.WARNING, stall.toString());
      } else {
        handler.accept(stall);
      }
    } catch (Throwable e) {
      Log.log(Level.ERROR, "the stall handler of loop '" + kernel.loop().name() + "' threw", e);
    }
  }

  /** Whether the carrier had a part of a processor lately; a task that waits has none. */
  private boolean isComputing() {
    long used = CarrierCpu.nanos(kernel.carrier()) - cpuNanos;
    return cpuNanos < 0 || used > (System.nanoTime() - cpuFrom) / LEAST_PART_OF_A_CPU;
  }
}
