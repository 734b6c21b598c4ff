package dev.segue.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The examples in the Javadoc of {@link VirtualClock} and {@link Explorer}. */
class ExampleTest {
  // @start region="example"
  @Test
  void givesUpAfterAnHour() {
    var clock = new VirtualClock();
    try (var loop = EventLoop.builder().clock(clock).build()) {
      assertThrows(TimeoutException.class, () -> loop.run(() -> pollForAnHour()));
    }
    assertEquals(VirtualClock.START.plus(Duration.ofHours(1)), clock.instant());
  }

  private static void pollForAnHour() throws TimeoutException {
    Async.timeout(
        Duration.ofHours(1),
        () -> {
          while (true) {
            Async.sleep(Duration.ofMinutes(7)); // takes no time
          }
        });
  }

  // @end

  // @start region="explorer"
  @Test
  void findsTheLostUpdate() {
    var exploration =
        Explorer.create()
            .explore(() -> {
              int[] balance = {100};
              Async.gather(() -> deposit(balance, 10), () -> deposit(balance, 20));
              assertEquals(130, balance[0]);
            });
    assertEquals(Interleaving.Kind.FAILED, exploration.failure().orElseThrow().kind());
  }

  private static void deposit(int[] balance, int amount) {
    int before = balance[0];
    Async.checkpoint(); // such as a query
    balance[0] = before + amount;
  }
  // @end
}
