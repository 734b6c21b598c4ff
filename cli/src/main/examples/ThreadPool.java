// The futures of a pool, in the order in which they end: asCompleted hands out each once it is
// done.
//
// Run it by itself: ./segue run ThreadPool.java

import dev.segue.futures.Futures;

void main() {
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

String delayMessage(int delay, String message) throws InterruptedException {
  log(message + " received");
  Thread.sleep(seconds(delay));
  log("Printing " + message);
  return message;
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var thread = Thread.currentThread().getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}
