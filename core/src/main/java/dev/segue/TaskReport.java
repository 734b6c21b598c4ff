package dev.segue;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code tasks}: for each loop a line, and one for each of its tasks; before that of
 * the first task that has a certain stack, the stack, after its frame of the program's own; then
 * the pools; last how many stacks were not taken.
 */
final class TaskReport {
  private static final long NANOS_FOR_SOME_STACKS = 100_000_000;

  /** A loop that makes no step for so long is held. */
  private static final long PATIENCE_NANOS = 150_000_000;

  private final Writer out;
  private final Inquiry.Stacks wanted;
  private final long began = System.nanoTime();
  private final Map<List<StackTraceElement>, Integer> stacks = new HashMap<>();

  private final PoolReport pools = new PoolReport();

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
    report.pools.write(out);
    Inquiry.line(out, "end", report.untaken);
  }

  private void writeLoop(StallDetector watched) throws IOException {
    var loop = watched.kernel().loop();
    var snapshot = TaskCapture.of(watched.kernel(), PATIENCE_NANOS);
    Inquiry.line(
        out,
        "loop",
        loop.name(),
        loop.engine().name().toLowerCase(Locale.ROOT),
        snapshot.tasks().size(),
        snapshot.complete(),
        watched.heldNanos(),
        snapshot.loopTime().toNanos());
    for (var seen : snapshot.tasks()) {
      pools.add(seen);
      writeTask(seen);
    }
  }

  @AnyThread(because = "the deadline of a sleep does not change")
  private void writeTask(TaskSnapshot seen) throws IOException {
    var task = seen.task();
    var parent = seen.parent();
    var wait = seen.currentWait();
    var text = seen.describe();
    var state = seen.state();
    if (state == TaskSnapshot.State.JDK_WAIT) { // it may have gone on
      state = text.isEmpty() ? TaskSnapshot.State.READY : TaskSnapshot.State.WAITING;
    }
    boolean waits = state == TaskSnapshot.State.WAITING;
    var kind = waits ? seen.kind() : null;
    int stack = stack(task, wait);
    Inquiry.line(
        out,
        "task",
        task.id(),
        task.name(),
        state.name().toLowerCase(Locale.ROOT),
        waits ? seen.waited().toNanos() : 0,
        parent == null ? 0 : parent.id(),
        ids(seen.targets()),
        kind == null ? "" : kind.name().toLowerCase(Locale.ROOT),
        waits ? text : "",
        wait instanceof Sleep sleep ? sleep.deadline - task.kernel().clock().nanoTime() : 0,
        stack,
        created(task));
  }

  private static String ids(List<Task<?>> tasks) {
    return tasks.isEmpty()
        ? "0"
        : tasks.stream().map(task -> String.valueOf(task.id())).collect(Collectors.joining(","));
  }

  private static String created(Task<?> task) {
    var creation = task.creation();
    var line =
        creation == null ? null : LibraryFrames.firstOther(List.of(creation.getStackTrace()));
    return line == null ? "" : text(line);
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
    var own = LibraryFrames.firstOther(frames);
    var fields = new ArrayList<Object>(List.of("stack", number, own == null ? "" : text(own)));
    frames.forEach(frame -> fields.add(text(frame)));
    Inquiry.line(out, fields.toArray());
    return number;
  }

  /** A frame without the names of its class loader and module. */
  private static String text(StackTraceElement frame) {
    return new StackTraceElement(
            frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
        .toString();
  }
}
