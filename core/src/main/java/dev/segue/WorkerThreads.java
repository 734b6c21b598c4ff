package dev.segue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads of one loop's {@link Async#toThread}, created when first needed: a virtual
 * thread would hold a carrier in just the calls that this is for.
 */
@LoopConfined
final class WorkerThreads {
  /** Enough for waits on files and names, few enough that a loop cannot exhaust the machine. */
  private static final int MOST = Math.max(32, 4 * Runtime.getRuntime().availableProcessors());

  private static final long IDLE_SECONDS = 10;

  private final String loopName;
  private @Nullable ThreadPoolExecutor executor;

  WorkerThreads(String loopName) {
    this.loopName = loopName;
  }

  ExecutorService executor() {
    if (executor == null) {
      executor =
          new ThreadPoolExecutor(
              MOST,
              MOST,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              daemons(loopName + "-thread-"));
      executor.allowCoreThreadTimeOut(true);
    }
    return executor;
  }

  void shutdown() {
    if (executor != null) {
      try {
        executor.shutdown();
      } catch (OutOfMemoryError _) {
        // Idle threads end by themselves, a little later.
      }
      executor = null;
    }
  }

  /** Threads for interrupts: closing a channel, which an interrupt does, can block. */
  static ExecutorService interrupters() {
    return Interrupters.EXECUTOR;
  }

  private static ThreadFactory daemons(String prefix) {
    return Thread.ofPlatform()
        .daemon()
        .inheritInheritableThreadLocals(false)
        .name(prefix, 1)
        .factory();
  }

  private static final class Interrupters {
    static final ExecutorService EXECUTOR =
        Executors.newCachedThreadPool(daemons("segue-interrupt-"));
  }
}
