// On the loop no other task runs between two waits: no update is lost, and no lock is needed.
//
// Run it by itself: ./segue run RaceFree.java

import dev.segue.Async;

int value = 0;

void main() {
  Async.run(this::mainTask);
}

void mainTask() {
  Async.gather(this::update, this::update);
  log("Final value is " + value);
}

void update() {
  log("Update Started");
  log("Sleeping");
  Async.sleep(seconds(1)); // the only place where the other task has its turn
  log("Reading Value From Db");
  int tmp = value * value + 1;
  log("Updating Value");
  value = tmp;
  log("Update Finished");
}

Duration seconds(int seconds) {
  double scale = Double.parseDouble(System.getProperty("scale", "1"));
  return Duration.ofMillis(Math.round(1000 * scale * seconds));
}

void log(String message) {
  var loop = Async.currentLoop().name();
  System.out.printf("%tT:%s:%s%n", System.currentTimeMillis(), loop, message);
}
