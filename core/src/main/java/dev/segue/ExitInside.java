package dev.segue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A look, from a thread that waits for a loop to end, at whether a call of {@link System#exit} in
 * one of the loop's tasks, or in its exception handler, keeps it from ending. That call never
 * returns: it waits for the shutdown hooks; and where a hook waits for the loop, it would do so for
 * ever.
 */
final class ExitInside {
  private static final Thread NO_HOOK = Thread.ofPlatform().unstarted(() -> {});

  private final Kernel kernel;
  private final Look look = new Look();
  private long steps = -1;

  private volatile boolean asked;
  private volatile boolean onlyThatIsLeft;

  ExitInside(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Whether the loop cannot end before the JVM does. To be called at intervals. */
  boolean preventsTheEnd() {
    if (!isShuttingDown()) {
      return false;
    }
    if (!asked) {
      asked = kernel.wake(look);
    }
    return onlyThatIsLeft || holdsTheLoop();
  }

  /** Whether the call has held the loop since the last time: nothing else will run any more. */
  private boolean holdsTheLoop() {
    long before = steps;
    steps = kernel.steps();
    var task = kernel.currentTask();
    return steps == before && (isIn(kernel.carrier()) || (task != null && isIn(task.thread())));
  }

  /** Whether a thread has called it. */
  static boolean isIn(@Nullable Thread thread) {
    return thread != null
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame ->
                frame.getClassName().equals("java.lang.Runtime")
                    && frame.getMethodName().equals("exit"));
  }

  private static boolean isShuttingDown() {
    try {
      Runtime.getRuntime().removeShutdownHook(NO_HOOK);
      return false;
    } catch (IllegalStateException _) {
      return true;
    }
  }

  /** A look at the tasks that are left, on the loop. */
  private final class Look extends Inbox.Message {
    @Override
    void receive() {
      boolean found = isIn(kernel.unobserved().handlerThread());
      boolean others = false;
      for (var task : kernel.allTasks()) {
        boolean exits =
            isIn(task.thread()) || (task.currentWait() instanceof Work<?> work && work.exits());
        found |= exits;
        others |= !exits && !(task.currentWait() instanceof TaskWait);
      }
      onlyThatIsLeft = found && !others;
      asked = false;
    }
  }
}
