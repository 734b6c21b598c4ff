package dev.segue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A wait that only certain tasks can end, all of them, by ending themselves or by releasing a lock:
 * edges of the wait graph.
 */
interface TaskWait extends Wait {
  /** The one task waited for; null where there may be several. */
  @Nullable Task<?> onlyTarget();

  /** Passes on each task that is still waited for. */
  void forEachTarget(Consumer<Task<?>> action);

  /** What stands between the waiting task and the one waited for, as "lock-1 held by ". */
  default String via() {
    return "";
  }
}
