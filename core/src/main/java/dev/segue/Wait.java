package dev.segue;

import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a suspended task waits for. */
@LoopConfined
non-sealed interface Wait extends Waiting {
  /** A wait of which only the JDK knows more. */
  Wait JDK =
      new Wait() {
        @Override
        public boolean abort() {
          return false;
        }

        @Override
        public Kind kind() {
          return Kind.JDK;
        }

        @Override
        public String describe() {
          return "a JDK wait";
        }
      };

  /**
   * Gives the wait up, because the task is cancelled: nothing will wake the task any more but the
   * caller. It should not throw: what it throws is logged, and the wait is seen through.
   *
   * @return false where the wait has to be seen through; it will wake the task itself
   */
  boolean abort();

  @Override
  default long number() {
    return 0;
  }

  @Override
  default boolean isForWork() {
    return false;
  }

  /**
   * Passes on each task that can end the wait, where it is only they, until {@code visitor} has
   * seen enough.
   */
  default void visitTargets(Predicate<Task<?>> visitor) {}

  @Override
  default void targets(Consumer<Task<?>> visitor) {
    visitTargets(task -> {
      visitor.accept(task);
      return true;
    });
  }
}
