package dev.segue.explored;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.segue.Action;

/** How many tasks are in a place where there may be so many. Confined to their loop. */
final class Occupancy {
  private final int most;
  private int inside;

  Occupancy(int most) {
    this.most = most;
  }

  /** Runs a body in that place. */
  <X extends Throwable> void during(Action<X> body) throws X, InterruptedException {
    inside++;
    try {
      assertTrue(inside <= most, () -> inside + " tasks are inside");
      body.run();
    } finally {
      inside--;
    }
  }

  void assertEmpty() {
    assertEquals(0, inside, "tasks are inside still");
  }
}
