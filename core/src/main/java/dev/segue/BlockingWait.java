package dev.segue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread that blocks in a future's {@code get}, for a future that has no other way to
 * tell.
 */
final class BlockingWait {
  private BlockingWait() {}

  /**
   * Starts the thread. Interrupting it ends the wait, and the future is left as it is.
   *
   * @param onEnd called on that thread once the future has ended, with null, or with what its
   *     {@code get} threw that no future should; not called after an interrupt
   */
  static Thread start(Future<?> future, Consumer<@Nullable Throwable> onEnd) {
    return Thread.ofVirtual()
        .inheritInheritableThreadLocals(false)
        .name("segue-future-wait")
        .start(() -> await(future, onEnd));
  }

  private static void await(Future<?> future, Consumer<@Nullable Throwable> onEnd) {
    Throwable fault = null;
    try {
      var _ = future.get();
    } catch (ExecutionException | CancellationException _) {
      // It has ended; who asks for the value will see how.
    } catch (InterruptedException _) {
      if (!future.isDone()) {
        return;
      }
    } catch (Throwable thrown) {
      fault = thrown;
    }
    onEnd.accept(fault);
  }
}
