package dev.segue.lab.examples;

import dev.segue.Async;
import java.time.Duration;

/** On the loop nobody else runs between two waits: no lock, and the value is 2. */
public final class RaceFree {
  private int value;

  private RaceFree() {}

  /** Runs the example. */
  public static void main() {
    Async.run(() -> {
      var db = new RaceFree();
      Async.gather(db::update, db::update);
      log("Final value is " + db.value);
    });
  }

  private void update() {
    log("Update Started");
    log("Sleeping");
    Async.sleep(seconds(1)); // the only place where the other task gets its turn
    log("Reading Value From Db");
    int tmp = value * value + 1;
    log("Updating Value");
    value = tmp;
    log("Update Finished");
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
