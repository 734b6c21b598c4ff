package dev.segue.lab.examples;

import java.time.Duration;
import java.util.List;

/** A thread for each call: the waits of 2 s and of 3 s overlap, and take 3 s. */
public final class Threads {
  private Threads() {}

  /**
   * Runs the example.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public static void main() throws InterruptedException {
    Thread.currentThread().setName("MainThread"); // as Python calls it
    log("Main started");
    var threads =
        List.of(
            new Thread(() -> delayMessage(2, "TWO")), //
            new Thread(() -> delayMessage(3, "THREE")));
    threads.forEach(Thread::start);
    for (var thread : threads) {
      thread.join(); // waits for the thread to end
    }
    log("Main Ended");
  }

  private static void delayMessage(int delay, String message) {
    log(message + " received");
    try {
      Thread.sleep(seconds(delay));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts these threads", e);
    }
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
