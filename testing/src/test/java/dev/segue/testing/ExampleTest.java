package dev.segue.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.segue.Async;
import dev.segue.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The example in the Javadoc of {@link VirtualClock}, which takes it from here. */
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
}
