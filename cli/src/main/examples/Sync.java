// One call after the other: waiting for 2 s and then for 3 s takes 5 s.
//
// Run it by itself: ./segue run Sync.java

void main() throws InterruptedException {
  Thread.currentThread().setName("MainThread"); // as Python calls it
  log("Main started");
  delayMessage(2, "TWO");
  delayMessage(3, "THREE");
  log("Main Ended");
}

void delayMessage(int delay, String message) throws InterruptedException {
  log(message + " received");
  Thread.sleep(seconds(delay));
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
