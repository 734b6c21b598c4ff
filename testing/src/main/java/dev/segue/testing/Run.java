package dev.segue.testing;

import dev.segue.DeadlockException;
import dev.segue.RunAbandoned;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A simulation that has ended.
 *
 * @param simulation the simulation
 * @param recording what happened in it; null if that was not recorded
 * @param kind what went wrong; null if nothing did
 * @param cause what was thrown, if anything
 */
record Run(
    Simulation simulation,
    @Nullable Recording recording,
    Interleaving.@Nullable Kind kind,
    @Nullable Throwable cause) {

  static Run failed(Simulation simulation, @Nullable Recording recording, Throwable failure) {
    var thrown = root(failure);
    var kind =
        switch (thrown) {
          case RunAbandoned _ -> simulation.verdict();
          case Runner.LeftBehind _ -> Interleaving.Kind.LEFT_BEHIND;
          case DeadlockException _ -> Interleaving.Kind.DEADLOCK;
          default -> Interleaving.Kind.FAILED;
        };
    return new Run(simulation, recording, kind, thrown);
  }

  static Throwable root(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null
        && (root instanceof CompletionException || root instanceof ExecutionException)) {
      root = Objects.requireNonNull(root.getCause());
    }
    return root;
  }

  /** By which two failures count as the same: the numbers in a message may differ. */
  String signature() {
    return kind == null || cause == null || !isThrownByBody()
        ? String.valueOf(kind)
        : kind + " " + cause.getClass().getName() + " " + Sites.thrownAt(cause);
  }

  private boolean isThrownByBody() {
    return !(cause instanceof RunAbandoned || cause instanceof Runner.LeftBehind);
  }

  /** What the body threw, if it did. */
  @Nullable Throwable thrownByBody() {
    return isThrownByBody() ? cause : null;
  }

  /** What went wrong, in words. */
  List<String> message() {
    return cause == null ? List.of() : String.valueOf(cause.getMessage()).lines().toList();
  }
}
