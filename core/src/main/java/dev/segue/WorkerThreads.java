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

  /**
   * Has a thread do something that may block, such as an interrupt, which closes a channel. Where
   * no thread can be made, it is done once one can be.
   */
  @AnyThread
  static void doElsewhere(Runnable action) {
    try {
      Helpers.EXECUTOR.execute(action);
    } catch (Throwable noThread) {
      Watchdog.watch(new Later(action));
      Log.warn("there is no thread for an interrupt, which will come later", noThread);
    }
  }

  /** What still needs a thread. */
  private record Later(Runnable action) implements Watchdog.Watched {
    private static final long NANOS_BETWEEN_ATTEMPTS = 50_000_000;

    @Override
    public long look(long now, long lost) {
      try {
        Helpers.EXECUTOR.execute(action);
      } catch (Throwable _) {
        return NANOS_BETWEEN_ATTEMPTS; // that there is no thread has been said
      }
      Watchdog.forget(this);
      return Watchdog.NOTHING;
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // not that of the thread which needs the first one
  private static ThreadFactory daemons(String prefix) {
    return Thread.ofPlatform()
        .daemon()
        .priority(Thread.NORM_PRIORITY)
        .inheritInheritableThreadLocals(false)
        .name(prefix, 1)
        .factory();
  }

  /** Loaded when first needed; not private, for tests that take the threads away. */
  static final class Helpers {
    static final ThreadPoolExecutor EXECUTOR =
        (ThreadPoolExecutor) Executors.newCachedThreadPool(daemons("segue-interrupt-"));

    private Helpers() {}
  }
}
