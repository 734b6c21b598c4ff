package dev.segue.lab.examples;

import dev.segue.Async;
import java.time.Duration;

/** Five tasks in one call, which returns when all have ended: 1 + 2 + 3 + 4 + 5 s take 5 s. */
public final class Gather {
  private Gather() {}

  /** Runs the example. */
  public static void main() {
    Async.run(Gather::mainTask);
  }

  private static void mainTask() {
    log("Main started");
    log("Creating multiple tasks with asyncio.gather");
    Async.gather(
        () -> delayMessage(1, "ONE"),
        () -> delayMessage(2, "TWO"),
        () -> delayMessage(3, "THREE"),
        () -> delayMessage(4, "FOUR"),
        () -> delayMessage(5, "FIVE"));
    log("Main Ended");
  }

  private static void delayMessage(int delay, String message) {
    log(message + " received");
    Async.sleep(seconds(delay));
    log("Printing " + message);
  }

  private static Duration seconds(int seconds) {
    double scale = Double.parseDouble(System.getProperty("scale", "1"));
    return Duration.ofMillis(Math.round(1000 * scale * seconds));
  }

  private static void log(String message) {
    var loop = Async.currentLoop().name();
    System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), loop, message);
  }
}
