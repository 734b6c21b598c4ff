package dev.segue.lab.examples;

import java.time.Duration;

/** One call after the other: waiting for 2 s and then for 3 s takes 5 s. */
public final class Sync {
  private Sync() {}

  /**
   * Runs the example.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main() throws InterruptedException {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    log("Main started");
    delayMessage(2, "TWO");
    delayMessage(3, "THREE");
    log("Main Ended");
  }

  private static void delayMessage(int delay, String message) throws InterruptedException {
    log(message + " received");
    Thread.sleep(seconds(delay));
    log("Printing " + message);
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
