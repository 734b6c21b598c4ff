package dev.segue;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A blocked loop: a task has held it for too long. This is what the watchdog sees while it lasts.
 *
 * @param loop the blocked loop
 * @param task the task that holds it; null where no task does, see {@link Cause#LOOP}
 * @param step a number that all reports of the same stall have, and no other stall of the loop
 * @param lasted for how long at least, so far
 * @param cause why
 * @param stack the stack now of the task, or of the loop, innermost frame first
 */
public record Stall(
    EventLoop loop,
    @Nullable Task<?> task,
    long step,
    Duration lasted,
    Cause cause,
    List<StackTraceElement> stack) {
  /** Why a task holds its loop, and what to do about it. */
  public enum Cause {
    /** It computes. */
    CPU("it is computing; split the work with Async.checkpoint(), or move it to Async.toThread"),
    /**
     * It is in a system call that cannot be left: files, pipes, name look-ups, processes' output.
     */
    NATIVE_CALL("it is in a blocking system call; move the call to Async.toThread"),
    /** It uses code for the first time, and the JVM loads and initializes classes for that. */
    CLASS_LOADING(
        "the first use of what its stack shows loads classes; use it once before the loop starts, or"
            + " in Async.toThread"),
    /** It waits for another thread to finish a class initializer. */
    CLASS_INITIALIZATION(
        "it is waiting for a class that another thread is initializing; initialize that class"
            + " before the loop starts, and run no loop in a class initializer"),
    /** It has computed in the same method of a library for seconds, as a loop that polls does. */
    SPIN_WAIT(
        "it has been in the same method of a library for seconds; move the call to Async.toThread. If"
            + " that method polls for what another task has to do, it never ends, as that task cannot"
            + " run: give it a limit (a pool of Apache Commons: setMaxWait)"),
    /** It could run, but does not: the machine or the garbage collector does something else. */
    NO_PROCESSOR(
        "it gets no processor, because the machine is busy, or the garbage collector is, for lack of"
            + " memory; look at the load, and at the collector's log (-Xlog:gc)"),
    /** It waits where its thread cannot be unmounted: in a class initializer, under native code. */
    PINNED_WAIT(
        "it is waiting inside a class initializer or below a native frame, where a virtual"
            + " thread cannot unmount; move the wait out of there, or the whole call to"
            + " Async.toThread"),
    /**
     * It is in a JDK wait, which on the {@link EventLoop.Engine#PORTABLE} engine holds the loop.
     */
    JDK_WAIT(
        "it is in a blocking JDK call, which holds the loop on the portable engine; use Segue's own"
            + " wait (Async.sleep, Async.await, AsyncLock, ...), move the call to"
            + " Async.toThread, or"
            + " use the carrier engine"),
    /** No task runs: the loop itself is at work between two steps. */
    LOOP(
        "it is at work of its own: the messages of other threads, timers, the search for deadlocks,"
            + " or a handler, an instrument, a clock or a schedule that it was given; look at the"
            + " stack, and give the loop less at a time"),
    /** A JDK bug has left it waiting on the loop's thread; the watchdog repairs this. */
    JDK_FAULT(
        "a JDK bug (JDK-8373120) made a monitor wait hold the loop, and the watchdog has freed"
            + " it; reportedly fixed in JDK 25.0.4"),
    /** What the watchdog saw of it does not fit together. */
    UNKNOWN("what it does is not clear, as it was seen in different states; look at its stack");

    private final String remedy;

    Cause(String remedy) {
      this.remedy = remedy;
    }

    /**
     * Returns what the task does and what to do about it.
     *
     * @return a clause for a message
     */
    public String remedy() {
      return remedy;
    }
  }

  /**
   * Copies the stack.
   *
   * @param loop the blocked loop
   * @param task the task that holds it; null where no task does
   * @param step a number that all reports of the same stall have, and no other stall of the loop
   * @param lasted for how long at least, so far
   * @param cause why
   * @param stack the stack now of the task, or of the loop, innermost frame first
   */
  public Stall {
    stack = List.copyOf(stack);
  }

  /**
   * Returns the report as the log has it.
   *
   * @return a sentence and the stack, a line a frame
   */
  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append("event loop '")
        .append(loop.name())
        .append("' has been blocked for ")
        .append(lasted.toMillis())
        .append(task == null ? " ms" : " ms in task '" + task.name() + "'")
        .append(": ")
        .append(cause.remedy());
    for (var frame : stack) {
      text.append(System.lineSeparator()).append("\tat ").append(frame);
    }
    return text.toString();
  }
}
