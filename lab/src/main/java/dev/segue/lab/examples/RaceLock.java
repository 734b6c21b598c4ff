package dev.segue.lab.examples;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/** A lock around reading and writing keeps both threads' updates: the value is 2. */
public final class RaceLock {
  private final ReentrantLock lock = new ReentrantLock();
  private int value;

  private RaceLock() {}

  /**
   * Runs the example.
   *
   * @throws InterruptedException if the thread is interrupted
   * @throws ExecutionException if an update failed
   */
  public static void main() throws InterruptedException, ExecutionException {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    var db = new RaceLock();
    var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
    try (var executor = Executors.newFixedThreadPool(5, threads)) {
      for (var update : List.of(executor.submit(db::update), executor.submit(db::update))) {
        update.get();
      }
    }
    log("Final value is " + db.value);
  }

  private int update() throws InterruptedException {
    log("Update Started");
    log("Sleeping");
    Thread.sleep(seconds(2));
    lock.lock();
    try {
      log("Reading Value From Db");
      int tmp = value * value + 1;
      log("Updating Value");
      value = tmp;
      log("Update Finished");
      return tmp;
    } finally {
      lock.unlock();
    }
  }

  private static Duration seconds(int seconds) {
    double scale = Double.parseDouble(System.getProperty("scale", "1"));
    return Duration.ofMillis(Math.round(1000 * scale * seconds));
  }

  private static void log(String message) {
    var thread = Thread.currentThread().getName();
    System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
  }
}
