package dev.segue.lab.examples;

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;
import java.time.Duration;

/**
 * A task that computes holds every other task up: THREE takes 3 s, and so nobody else goes on
 * meanwhile. The loop's watchdog says which task it is, and where.
 *
 * <p>In the article it is {@code time.sleep} that blocks. {@code Thread.sleep} does not, as the
 * second run shows: in a task it is an ordinary wait.
 */
public final class BlockingCall {
  /** What THREE does for its delay. */
  private interface Pastime {
    void spend(Duration delay) throws InterruptedException;
  }

  private BlockingCall() {}

  /** Runs the example. */
  public static void main() {
    var builder =
        EventLoop.builder().stallThreshold(seconds(1)).stallHandler(BlockingCall::logStall);
    try (var loop = builder.build()) {
      loop.run(() -> mainTask(BlockingCall::compute));
      System.out.println("The same, but THREE calls Thread.sleep, which lets the others go on:");
      loop.run(() -> mainTask(Thread::sleep));
    }
  }

  private static void mainTask(Pastime three) {
    log("Main started");
    log("Creating multiple tasks with asyncio.gather");
    Async.gather(
        () -> delayMessage(1, "ONE", Async::sleep),
        () -> delayMessage(2, "TWO", Async::sleep),
        () -> delayMessage(3, "THREE", three),
        () -> delayMessage(4, "FOUR", Async::sleep),
        () -> delayMessage(5, "FIVE", Async::sleep));
    log("Main Ended");
  }

  private static void delayMessage(int delay, String message, Pastime pastime)
      throws InterruptedException {
    log(message + " received");
    pastime.spend(seconds(delay));
    log("Printing " + message);
  }

  /** Never waits, so that no other task gets its turn. */
  private static void compute(Duration delay) {
    long end = System.nanoTime() + delay.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static Duration seconds(int seconds) {
    double scale = Double.parseDouble(System.getProperty("scale", "1"));
    return Duration.ofMillis(Math.round(1000 * scale * seconds));
  }

  private static void log(String message) {
    log(Async.currentLoop().name(), message);
  }

  private static void logStall(Stall stall) { // on the watchdog's thread, not the loop's
    var sentence = stall.toString().lines().findFirst().orElseThrow();
    log(Thread.currentThread().getName(), sentence);
    System.out.println("    at " + stall.stack().getFirst());
  }

  private static void log(String thread, String message) {
    System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
  }
}
