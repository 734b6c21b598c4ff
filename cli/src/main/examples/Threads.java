// A thread for each call: the waits of 2 s and of 3 s overlap, and take 3 s.
//
// Run it by itself: ./segue run Threads.java

void main() throws InterruptedException {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  log("Main started");
  var two = new Thread(() -> delayMessage(2, "TWO"));
  var three = new Thread(() -> delayMessage(3, "THREE"));
  two.start();
  three.start();
  two.join(); // waits for the thread to end
  three.join();
  log("Main Ended");
}

void delayMessage(int delay, String message) {
  log(message + " received");
  try {
    Thread.sleep(seconds(delay));
  } catch (InterruptedException e) {
    throw new IllegalStateException("these threads are never interrupted", e);
  }
  log("Printing " + message);
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var thread = Thread.currentThread().getName();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), thread, message);
}
