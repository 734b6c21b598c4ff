// Five tasks in one call, which returns when all have ended: the waits of 1 to 5 s take 5 s.
//
// Run it by itself: ./segue run Gather.java

import dev.segue.Async;

void main() {
  Async.run(this::mainTask);
}

void mainTask() {
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

void delayMessage(int delay, String message) {
  log(message + " received");
  Async.sleep(seconds(delay));
  log("Printing " + message);
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var loop = Async.currentLoop().name();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), loop, message);
}
