package dev.segue;

import java.io.IOException;
import java.io.Writer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code tasks}: for each loop a line, and one for each of its tasks; before that of
 * the first task that has a certain stack, the stack; last how many stacks were not taken.
 */
final class TaskReport {
  private static final long NANOS_FOR_SOME_STACKS = 250_000_000;

  private final Writer out;
  private final Inquiry.Stacks wanted;
  private final long began = System.nanoTime();
  private final Map<List<StackTraceElement>, Integer> stacks = new HashMap<>();

  private int untaken;

  private TaskReport(Writer out, Inquiry.Stacks wanted) {
    this.out = out;
    this.wanted = wanted;
  }

  static void write(Writer out, Inquiry.Stacks wanted) throws IOException {
    var report = new TaskReport(out, wanted);
    for (var loop : Watchdog.loops()) {
      report.writeLoop(loop);
    }
    Inquiry.line(out, "end", report.untaken);
  }

  private void writeLoop(StallDetector watched) throws IOException {
    var kernel = watched.kernel();
    var capture = TaskCapture.of(kernel);
    if (capture == null) {
      return;
    }
    Inquiry.line(
        out,
        "loop",
        kernel.loop().name(),
        kernel.engine().kind().name().toLowerCase(Locale.ROOT),
        capture.tasks().size(),
        capture.isComplete(),
        watched.heldNanos(),
        capture.nanosOnLoop());
    for (var seen : capture.tasks()) {
      writeTask(seen, capture.waitedNanos(seen));
    }
  }

  @AnyThread(because = "the deadline of a sleep does not change")
  private void writeTask(TaskCapture.Seen seen, long waited) throws IOException {
    var task = seen.task();
    var wait = seen.on();
    var state = seen.state();
    boolean waits = state == TaskCapture.State.WAITING || state == TaskCapture.State.ELSEWHERE;
    int stack = stack(task, wait);
    Inquiry.line(
        out,
        "task",
        task.id(),
        task.name(),
        state.name().toLowerCase(Locale.ROOT),
        waits ? waited : 0,
        id(seen.parent()),
        id(seen.target()),
        wait == null ? "" : wait.kind().name().toLowerCase(Locale.ROOT),
        waits ? describe(task, wait) : "",
        wait instanceof Sleep sleep ? sleep.deadline - task.kernel().clock().nanoTime() : 0,
        stack,
        created(task));
  }

  private static long id(@Nullable Task<?> task) {
    return task == null ? 0 : task.id();
  }

  @AnyThread(because = "a text of a moment ago will do")
  private static String describe(Task<?> task, @Nullable Wait wait) {
    if (wait != null) {
      try {
        return wait.describe();
      } catch (RuntimeException _) { // what it describes changed meanwhile
        return wait.kind().name().toLowerCase(Locale.ROOT);
      }
    }
    var thread = task.thread();
    var blocker = LockSupport.getBlocker(thread);
    return switch (thread.getState()) {
      case BLOCKED -> "a monitor";
      case WAITING, TIMED_WAITING -> blocker == null ? "a JDK wait" : blocker.getClass().getName();
      default -> "";
    };
  }

  private static String created(Task<?> task) {
    var creation = task.creation();
    return creation == null
        ? ""
        : Arrays.stream(creation.getStackTrace())
            .filter(frame -> !frame.getClassName().matches("dev\\.segue\\.\\w+(\\$.*)?"))
            .findFirst()
            .map(TaskReport::text)
            .orElse("");
  }

  /** The number of a task's stack, which is written where it is new; 0 for none. */
  @AnyThread(because = "a stack that may be of another wait is dropped")
  private int stack(Task<?> task, @Nullable Wait wait) throws IOException {
    boolean isWanted =
        switch (wanted) {
          case NONE -> false;
          case SOME -> System.nanoTime() - began < NANOS_FOR_SOME_STACKS;
          case ALL -> true;
        };
    if (!isWanted) {
      untaken += wanted == Inquiry.Stacks.SOME ? 1 : 0;
      return 0;
    }
    var frames = List.of(task.thread().getStackTrace());
    if (frames.isEmpty() || task.currentWait() != wait) {
      return 0;
    }
    var known = stacks.get(frames);
    if (known != null) {
      return known;
    }
    int number = stacks.size() + 1;
    stacks.put(frames, number);
    var fields = new Object[frames.size() + 2];
    fields[0] = "stack";
    fields[1] = number;
    for (int i = 0; i < frames.size(); i++) {
      fields[i + 2] = text(frames.get(i));
    }
    Inquiry.line(out, fields);
    return number;
  }

  /** A frame without the names of its class loader and module. */
  private static String text(StackTraceElement frame) {
    return new StackTraceElement(
            frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
        .toString();
  }
}
