package dev.segue;

import java.time.Duration;
import java.util.List;

/**
 * A loop that does not go on, because a task has not given it back: what the watchdog saw, while it
 * lasts.
 *
 * @param loop the loop that stands still
 * @param task the task that holds it
 * @param lasted for how long at least, so far
 * @param cause why
 * @param stack the task's stack now, innermost frame first
 */
public record Stall(
    EventLoop loop, Task<?> task, Duration lasted, Cause cause, List<StackTraceElement> stack) {
  /** Why a task holds its loop, and what to do about it. */
  public enum Cause {
    /** It computes. */
    CPU("it computes; split the work with Async.checkpoint(), or move it to Async.toThread"),
    /**
     * It is in a system call that cannot be left: files, pipes, name look-ups, processes' output.
     */
    NATIVE_CALL("it is in a blocking system call; move the call to Async.toThread"),
    /** It waits for another thread to finish a class initializer. */
    CLASS_INITIALIZATION(
        "it waits for a class that another thread initializes; initialize the class before the loop"
            + " starts"),
    /** It waits where its thread cannot be unmounted: in a class initializer, under native code. */
    PINNED_WAIT(
        "it waits inside a class initializer or under a native frame, where it cannot give the loop"
            + " back; move the wait out, or the whole call to Async.toThread"),
    /**
     * It is in a JDK wait, which on the {@link EventLoop.Engine#PORTABLE} engine holds the loop.
     */
    JDK_WAIT(
        "it is in a wait of the JDK's, which holds the loop on the portable engine; use Segue's own"
            + " wait (Async.sleep, Async.await, AsyncLock, ...), move the call to Async.toThread, or"
            + " use the carrier engine"),
    /** A fault of the JDK has left it waiting on the loop's thread; the watchdog mends this. */
    JDK_FAULT(
        "a fault of the JDK (JDK-8373120) made a monitor wait hold the loop; JDK 25.0.4 is said to"
            + " mend it");

    private final String remedy;

    Cause(String remedy) {
      this.remedy = remedy;
    }

    /**
     * Returns what the task does and what to do about it.
     *
     * @return a clause for people
     */
    public String remedy() {
      return remedy;
    }
  }

  /**
   * Copies the stack.
   *
   * @param loop the loop that stands still
   * @param task the task that holds it
   * @param lasted for how long at least, so far
   * @param cause why
   * @param stack the task's stack now, innermost frame first
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
        .append("' has stood still for ")
        .append(lasted.toMillis())
        .append(" ms in task '")
        .append(task.name())
        .append("': ")
        .append(cause.remedy());
    for (var frame : stack) {
      text.append(System.lineSeparator()).append("\tat ").append(frame);
    }
    return text.toString();
  }
}
