package dev.segue;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A wait that ends only when all of certain tasks have ended: edges of the wait graph. */
interface TaskWait extends Wait {
  /** The one task waited for; null where there may be several. */
  @Nullable Task<?> onlyTarget();

  /** Passes on each task that has not ended yet. */
  void forEachTarget(Consumer<Task<?>> action);
}
