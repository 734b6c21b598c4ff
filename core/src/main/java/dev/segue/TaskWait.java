package dev.segue;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A wait that only certain tasks can end, all of them, by ending themselves or by releasing a lock:
 * edges of the wait graph.
 */
interface TaskWait extends Wait {
  /** The one task waited for; null where there may be several. */
  @Nullable Task<?> onlyTarget();

  @Override
  default void visitTargets(Predicate<Task<?>> visitor) {
    var only = onlyTarget();
    if (only != null) {
      var _ = visitor.test(only);
    }
  }

  /** Whether this task is waited for. */
  default boolean isFor(Task<?> task) {
    return task == onlyTarget();
  }

  /** What stands between the waiting task and the one waited for, as "lock-1 held by ". */
  default String via() {
    return "";
  }
}
