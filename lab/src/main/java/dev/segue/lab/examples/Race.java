package dev.segue.lab.examples;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Two threads read, then both write: one update is lost, and the value is 1 instead of 2.
 *
 * <p>By chance, that happens about once in a hundred runs. Here it always does, because the threads
 * meet at a barrier between reading and writing.
 */
public final class Race {
  private final CyclicBarrier bothHaveRead = new CyclicBarrier(2);
  private int value;

  private Race() {}

  /**
   * Runs the example.
   *
   * @throws InterruptedException if the thread is interrupted
   * @throws ExecutionException if an update failed
   */
  public static void main() throws InterruptedException, ExecutionException {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    var db = new Race();
    var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
    try (var executor = Executors.newFixedThreadPool(5, threads)) {
      for (var update : List.of(executor.submit(db::update), executor.submit(db::update))) {
        update.get();
      }
    }
    log("Final value is " + db.value);
  }

  private int update() throws InterruptedException, BrokenBarrierException {
    log("Update Started");
    log("Sleeping");
    Thread.sleep(seconds(2));
    log("Reading Value From Db");
    int tmp = value * value + 1;
    bothHaveRead.await();
    log("Updating Value");
    value = tmp;
    log("Update Finished");
    return tmp;
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
