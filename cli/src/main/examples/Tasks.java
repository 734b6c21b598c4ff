// Tasks on one thread: createTask only registers a task; it starts when its creator waits.
//
// Run it by itself: ./segue run Tasks.java

import dev.segue.Async;

void main() {
  Async.run(this::mainTask); // makes an event loop, and ends it
}

void mainTask() {
  log("Main started");
  log("Current registered tasks: " + Async.allTasks().size());
  log("Creating tasks");
  var task1 = Async.createTask(() -> delayMessage(2, "TWO"));
  var task2 = Async.createTask(() -> delayMessage(3, "THREE"));
  log("Current registered tasks: " + Async.allTasks().size());
  task1.await(); // gives the loop to others until the task has ended
  task2.await();
  log("Main Ended");
}

void delayMessage(int delay, String message) {
  log(message + " received");
  Async.sleep(seconds(delay)); // Thread.sleep would do: in a task it, too, gives the loop to others
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
