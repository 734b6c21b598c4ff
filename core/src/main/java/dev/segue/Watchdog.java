package dev.segue;

import dev.segue.futures.internal.Deadlines;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that notices loops which stand still.
 *
 * <p>It compares each loop's count of steps with what it was a moment ago, so that watching costs
 * the loop nothing. One thread watches all loops of the JVM, and ends when there is none.
 */
final class Watchdog implements Runnable {
  private static final long MOST_NANOS_BETWEEN_LOOKS = 50_000_000;
  private static final long LEAST_NANOS_BETWEEN_LOOKS = 1_000_000;

  /** A task that has held its loop for this long is not about to give it back. */
  private static final long STUCK_NANOS = 50_000_000;

  /** How often to look again for loops before ending: a second's worth. */
  private static final int MOST_LOOKS_AT_NOTHING = 20;

  /** Who computes has at least a fiftieth of a processor, however busy the machine is. */
  private static final int LEAST_PART_OF_A_CPU = 50;

  private static final Map<Kernel, Watched> WATCHED = new ConcurrentHashMap<>();
  private static @Nullable Thread thread; // guarded by Watchdog.class

  private Watchdog() {}

  /** Watches a loop from now on. */
  static void watch(Kernel kernel, Duration threshold, @Nullable Consumer<Stall> handler) {
    long nanos = Deadlines.nanos(threshold, "threshold");
    WATCHED.put(kernel, new Watched(kernel, nanos == 0 ? Long.MAX_VALUE : nanos, handler));
    synchronized (Watchdog.class) {
      if (thread == null) {
        thread =
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("segue-watchdog")
                .start(new Watchdog());
      } else {
        LockSupport.unpark(thread); // it may be in a pause that is too long for this loop
      }
    }
  }

  static void forget(Kernel kernel) {
    WATCHED.remove(kernel);
  }

  @Override
  public void run() {
    long last = System.nanoTime();
    int looksAtNothing = 0;
    while (true) {
      long pause = MOST_NANOS_BETWEEN_LOOKS;
      for (var watched : WATCHED.values()) {
        pause = Math.min(pause, Math.max(LEAST_NANOS_BETWEEN_LOOKS, watched.threshold / 4));
      }
      LockSupport.parkNanos(pause);
      long now = System.nanoTime();
      // Where this thread could not run either, the machine or a debugger stopped the whole JVM.
      long lost = now - last > 4 * pause ? now - last : 0;
      last = now;
      for (var watched : WATCHED.values()) {
        watched.look(now, lost);
      }
      synchronized (Watchdog.class) {
        looksAtNothing = WATCHED.isEmpty() ? looksAtNothing + 1 : 0;
        if (looksAtNothing > MOST_LOOKS_AT_NOTHING) {
          thread = null;
          return;
        }
      }
    }
  }

  /** One loop, as this thread last saw it. */
  private static final class Watched {
    private final Kernel kernel;
    private final long threshold;
    private final @Nullable Consumer<Stall> handler;
    private long steps = -1;
    private long since;
    private long cpuFrom; // when the CPU time below was taken; 0 for not yet
    private long cpuNanos;
    private long nextReport;
    private boolean reported;

    Watched(Kernel kernel, long threshold, @Nullable Consumer<Stall> handler) {
      this.kernel = kernel;
      this.threshold = threshold;
      this.handler = handler;
    }

    void look(long now, long lost) {
      long seen = kernel.steps();
      var task = kernel.currentTask();
      if (seen != steps || kernel.isIdle() || task == null) {
        if (reported && handler == null) {
          Log.LOGGER.log(
              Level.INFO,
              "event loop '" + kernel.loop().name() + "' goes on after " + millis(now) + " ms");
        }
        steps = seen;
        since = now;
        cpuFrom = 0;
        nextReport = threshold;
        reported = false;
        return;
      }
      if (cpuFrom == 0) {
        cpuFrom = now;
        cpuNanos = CarrierCpu.nanos(kernel.carrier());
      }
      since += lost;
      long lasted = now - since;
      boolean mended = false;
      if (lasted >= STUCK_NANOS) {
        if (isCarried()) { // else the loop's own thread does it
          task.interruptAhead();
        }
        mended = mendFault(task);
      }
      if ((lasted >= nextReport || mended) && kernel.steps() == seen && !Debugger.isPresent()) {
        report(task, lasted, mended);
        reported = true;
        nextReport = 2 * Math.max(lasted, threshold);
      }
    }

    private long millis(long now) {
      return (now - since) / 1_000_000;
    }

    private boolean mendFault(Task<?> task) {
      var thread = task.thread();
      return isCarried()
          && CarrierEngine.isInBlockingState(thread)
          && isIn(thread.getStackTrace(), "java.lang.Object", "wait0")
          && CarrierEngine.mendBlockingState(thread);
    }

    private void report(Task<?> task, long lasted, boolean mended) {
      var thread = task.thread();
      var stack = thread.getStackTrace();
      var cause = mended ? Stall.Cause.JDK_FAULT : cause(thread, stack);
      var stall = new Stall(kernel.loop(), task, Duration.ofNanos(lasted), cause, List.of(stack));
      try {
        if (handler == null) {
          Log.LOGGER.log(Level.WARNING, stall::toString);
        } else {
          handler.accept(stall);
        }
      } catch (Throwable e) {
        Log.LOGGER.log(
            Level.ERROR, "the stall handler of loop '" + kernel.loop().name() + "' threw", e);
      }
    }

    private Stall.Cause cause(Thread thread, StackTraceElement[] stack) {
      boolean carried = isCarried();
      return switch (thread.getState()) {
        case WAITING, TIMED_WAITING, BLOCKED ->
            carried ? Stall.Cause.PINNED_WAIT : Stall.Cause.JDK_WAIT;
        default -> {
          if (carried
              && isComputing()) { // first, as copying an array has a native frame on top, too
            yield Stall.Cause.CPU;
          }
          if (stack.length > 0 && stack[0].isNativeMethod()) {
            yield Stall.Cause.NATIVE_CALL;
          }
          // The JVM does not tell how much a virtual thread computes.
          yield carried ? Stall.Cause.CLASS_INITIALIZATION : Stall.Cause.CPU;
        }
      };
    }

    private boolean isCarried() {
      return kernel.engine().kind() == EventLoop.Engine.CARRIER;
    }

    /** Whether the carrier had a part of a processor lately; a task that waits has none. */
    private boolean isComputing() {
      long used = CarrierCpu.nanos(kernel.carrier()) - cpuNanos;
      return cpuNanos < 0 || used > (System.nanoTime() - cpuFrom) / LEAST_PART_OF_A_CPU;
    }

    private static boolean isIn(StackTraceElement[] stack, String className, String method) {
      for (var frame : stack) {
        if (frame.getClassName().equals(className) && frame.getMethodName().equals(method)) {
          return true;
        }
      }
      return false;
    }
  }
}
