package dev.segue;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A future that tells when its work has ended: later than the future itself, if that was cancelled
 * while the work ran.
 *
 * <p>Executors whose work runs elsewhere return it, as the process pool does. {@link
 * Async#runInExecutor} waits for that end, so that structured code leaves no work behind.
 *
 * @param <T> the result
 */
public interface WorkFuture<T extends @Nullable Object> extends Future<T> {
  /**
   * Returns a stage that ends with null once the future is done and nothing of its work runs any
   * more; it never fails.
   *
   * @return the stage; what depends on it may run on a thread of the executor and must be quick
   */
  CompletionStage<@Nullable Void> ended();
}
