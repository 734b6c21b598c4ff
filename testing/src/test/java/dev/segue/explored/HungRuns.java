package dev.segue.explored;

import static dev.segue.Async.checkpoint;
import static dev.segue.Async.gather;

import dev.segue.Action;
import dev.segue.AsyncEvent;
import dev.segue.AsyncLock;
import dev.segue.testing.Explorer;
import dev.segue.testing.Interleaving;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Explores programs that hang, so many runs, and prints by how many bytes the heap has grown since
 * a tenth of them. The arguments: {@code segue} or {@code jdk}, for what the tasks wait in, and the
 * number of runs.
 */
final class HungRuns {
  private HungRuns() {}

  public static void main(String[] arguments) {
    var logged = new AtomicInteger();
    Logger.getLogger("").addHandler(counting(logged));
    int most = Integer.parseInt(arguments[1]);
    int[] runs = {0};
    usedBytes(); // the first collection takes what the JVM's start has left
    long before = 0;
    while (runs[0] < most) {
      if (before == 0 && runs[0] >= most / 10) {
        before = usedBytes();
      }
      explore(arguments[0].equals("jdk"), runs);
    }
    System.out.println("grown " + (usedBytes() - before));
    System.out.println("logged " + logged);
  }

  private static void explore(boolean jdk, int[] runs) {
    var kind =
        Explorer.builder()
            .schedules(1)
            .build()
            .explore(() -> {
              runs[0]++;
              (jdk ? waitsOfTheJdk() : waitsOfSegue()).run();
            })
            .failure()
            .orElseThrow()
            .kind();
    if (kind != Interleaving.Kind.DEADLOCK) {
      throw new AssertionError(kind);
    }
  }

  private static Action<Exception> waitsOfSegue() {
    var lock = new AsyncLock();
    var never = new AsyncEvent();
    return () ->
        gather(
            () -> {
              try (var _ = lock.acquire()) {
                never.await();
              }
            },
            () -> lock.acquire().close(),
            never::await);
  }

  private static Action<Exception> waitsOfTheJdk() {
    var a = new ReentrantLock();
    var b = new ReentrantLock();
    return () -> gather(() -> nested(a, b), () -> nested(b, a));
  }

  private static void nested(ReentrantLock outer, ReentrantLock inner) {
    outer.lock();
    try {
      checkpoint();
      inner.lock();
      inner.unlock();
    } finally {
      outer.unlock();
    }
  }

  private static long usedBytes() {
    var runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static Handler counting(AtomicInteger logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
          logged.incrementAndGet();
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
