package dev.segue.lab.examples;

import dev.segue.Futures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;

/** A pool's futures as they end: the result of the shortest call comes first. */
public final class ThreadPool {
  private ThreadPool() {}

  /** Runs the example. */
  public static void main() {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    var threads = Thread.ofPlatform().name("ThreadPoolExecutor-0_", 0).factory();
    try (var executor = Executors.newFixedThreadPool(2, threads)) {
      var futures =
          List.of(
              executor.submit(() -> delayMessage(2, "TWO")),
              executor.submit(() -> delayMessage(3, "THREE")));
      for (var future : Futures.asCompleted(futures)) {
        log(future.resultNow() + " Done");
      }
    }
  }

  private static String delayMessage(int delay, String message) throws InterruptedException {
    log(message + " received");
    Thread.sleep(seconds(delay));
    log("Printing " + message);
    return message;
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
