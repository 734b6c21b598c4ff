package dev.segue.lab.examples;

import dev.segue.Async;
import java.time.Duration;

/** Tasks on one thread: createTask only registers one; it runs when its creator waits. */
public final class Tasks {
  private Tasks() {}

  /** Runs the example. */
  public static void main() {
    Async.run(Tasks::mainTask); // makes an event loop, and ends it
  }

  private static void mainTask() {
    log("Main started");
    log("Current registered tasks: " + Async.allTasks().size());
    log("Creating tasks");
    var task1 = Async.createTask(() -> delayMessage(2, "TWO"));
    var task2 = Async.createTask(() -> delayMessage(3, "THREE"));
    log("Current registered tasks: " + Async.allTasks().size());
    task1.await(); // gives the loop back until the task has ended
    task2.await();
    log("Main Ended");
  }

  private static void delayMessage(int delay, String message) {
    log(message + " received");
    Async.sleep(seconds(delay)); // Thread.sleep would do: in a task it lets the others go on, too
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
