package dev.segue;

import dev.segue.futures.internal.Failures;
import java.util.concurrent.ForkJoinPool;

/**
 * A wait that blocks the calling thread. Where that is a worker of a {@link ForkJoinPool}, the pool
 * replaces it meanwhile, so that what is waited for may itself need the pool.
 */
final class Blocking implements ForkJoinPool.ManagedBlocker {
  private final Runnable wait;
  private boolean begun;

  private Blocking(Runnable wait) {
    this.wait = wait;
  }

  /** Does what blocks. */
  static void block(Runnable wait) {
    var blocking = new Blocking(wait);
    try {
      ForkJoinPool.managedBlock(blocking);
    } catch (Throwable thrown) {
      if (blocking.begun) {
        throw Failures.<RuntimeException>rethrow(thrown);
      }
      wait.run(); // the pool may not, or cannot, have one more thread
    }
  }

  @Override
  public boolean block() {
    begun = true;
    wait.run();
    return true;
  }

  @Override
  public boolean isReleasable() {
    return begun;
  }
}
