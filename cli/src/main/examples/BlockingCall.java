// A task that does not wait holds up all the others: while THREE computes for 3 s, no other task
// runs. Meanwhile the loop's watchdog reports it, and where it is.
//
// In the article THREE blocks in time.sleep. Java's Thread.sleep is an ordinary wait in a task, as
// the second run shows; so here THREE computes.
//
// Run it by itself: ./segue run BlockingCall.java

import dev.segue.Async;
import dev.segue.EventLoop;
import dev.segue.Stall;

/** What a task does for its delay. */
interface Pastime {
  void spend(Duration delay) throws InterruptedException;
}

void main() {
  var builder = EventLoop.builder().stallThreshold(seconds(1)).stallHandler(this::logStall);
  try (var loop = builder.build()) {
    loop.run(() -> mainTask(this::compute));
    System.out.println("The same, but THREE calls Thread.sleep, which lets the others go on:");
    loop.run(() -> mainTask(Thread::sleep));
  }
}

void mainTask(Pastime three) {
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

void delayMessage(int delay, String message, Pastime pastime) throws InterruptedException {
  log(message + " received");
  pastime.spend(seconds(delay));
  log("Printing " + message);
}

void compute(Duration delay) {
  long end = System.nanoTime() + delay.toNanos();
  while (System.nanoTime() < end) {
    Thread.onSpinWait();
  }
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void logStall(Stall stall) { // on the watchdog's thread, not the loop's
  log(Thread.currentThread().getName(), stall.toString().lines().findFirst().orElseThrow());
  System.out.println("    at " + stall.stack().getFirst());
}

void log(String message) {
  log(Async.currentLoop().name(), message);
}

void log(String thread, String message) {
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}
