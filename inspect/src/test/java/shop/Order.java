package shop;

import dev.segue.Async;
import java.time.Duration;

/** Code of a program's own, outside Segue's packages. */
public final class Order {
  private Order() {}

  /** Waits in a line of its own. */
  public static void load() {
    Async.sleep(Duration.ofMillis(20));
  }
}
