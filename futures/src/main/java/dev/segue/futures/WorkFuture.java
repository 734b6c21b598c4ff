package dev.segue.futures;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A future that tells when it is done, and when its work has ended: later than the future itself,
 * if that was cancelled while the work ran.
 *
 * <p>An event loop's tasks are such futures, and those of a process pool. Waiting for one blocks no
 * thread in its {@code get}, and structured code can wait until nothing of the work is left.
 *
 * @param <T> the type of the result
 */
public interface WorkFuture<T extends @Nullable Object> extends Future<T> {
  /**
   * Calls {@code callback} once this future is done. Any thread may call this.
   *
   * @param callback called once, also if this future is done already; on which thread, the class
   *     says that provides the future. It must be quick and must not block, unless that class says
   *     that it may. What it throws is reported
   */
  void whenDone(Runnable callback);

  /**
   * Returns a stage that ends with null once this future is done and nothing of its work runs any
   * more; it never fails.
   *
   * @return the stage; what depends on it may run on a thread of the executor and must be quick,
   *     unless the class that provides the future says that it may block
   */
  CompletionStage<@Nullable Void> ended();
}
